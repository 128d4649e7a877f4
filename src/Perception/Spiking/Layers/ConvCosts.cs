namespace EdgeAutonomy.Perception;

/// <summary>What the two convolution kernels cost, to know which one a number of spikes calls for. Stored, never measured while running.</summary>
/// <remarks>Fitted to `edge bench snn` on an AVX-512 machine, in nanoseconds of that machine; only ratios matter. A wrong ratio costs time and never a result.</remarks>
internal static class ConvCosts
{
    private const double PerSpike = 4, PerTap = 1.0, PerVectorAdd = 0.4, PerVectorProduct = 0.16, PerImageFloat = 0.05;

    /// <summary>Gives the share of active inputs at which the sparse and the dense kernel cost the same.</summary>
    internal static unsafe double BreakEven(ConvGeometry geometry, SimdLevel level)
    {
        var g = *geometry.Arguments;
        int lanes = level switch { SimdLevel.V512 => 16, SimdLevel.V256 => 8, SimdLevel.V128 => 4, _ => 1 };
        double inputs = (double)g.InHeight * g.InWidth * g.InChannels, vectors = (double)g.OutStride / lanes;
        double tapsPerInput = (double)geometry.TapCount / ((double)g.InHeight * g.InWidth);
        double sparse = inputs * (PerSpike + tapsPerInput * (PerTap + vectors * PerVectorAdd));
        double dense = (double)g.OutHeight * g.OutWidth * geometry.KernelSize * g.InChannels * vectors * PerVectorProduct + geometry.PaddedHeight * (double)geometry.PaddedWidth * g.InChannels * PerImageFloat;
        return dense / sparse;
    }
}
