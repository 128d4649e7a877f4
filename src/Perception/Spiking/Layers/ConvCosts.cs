namespace EdgeAutonomy.Perception;

/// <summary>What the two convolution kernels cost, to know which one a number of spikes calls for. Stored, never measured while running.</summary>
/// <remarks>Fitted to `edge bench snn` on an AVX-512 machine, in nanoseconds of that machine; only ratios matter. A wrong ratio costs time and never a result.</remarks>
internal static class ConvCosts
{
    // A spike: its lookup, each output row it reaches, each vector that is loaded, added to and stored.
    private const double PerSpike = 0.9, PerRow = 0.35, PerVectorAdd = 0.76;

    // A product and a sum of one vector in a tile that is two vectors wide, or one; drawing a float of the image.
    private const double PerVectorProduct = 0.157, PerNarrowProduct = 0.23, PerImageFloat = 0.04;

    /// <summary>Gives the share of active inputs at which the sparse and the dense kernel cost the same.</summary>
    internal static unsafe double BreakEven(ConvGeometry geometry, SimdLevel level)
    {
        var g = *geometry.Arguments;
        int lanes = level switch { SimdLevel.V512 => 16, SimdLevel.V256 => 8, SimdLevel.V128 => 4, _ => 1 };
        double inputs = (double)g.InHeight * g.InWidth * g.InChannels, vectors = (double)g.OutStride / lanes;
        double rows = (double)geometry.RowTaps / g.InHeight, run = Math.Min((g.KernelWidth + g.StepX - 1) / g.StepX, g.OutWidth) * vectors;
        double sparse = inputs * (PerSpike + rows * (PerRow + run * PerVectorAdd));
        double perProduct = vectors >= 2 ? PerVectorProduct : PerNarrowProduct;
        double dense = (double)g.OutHeight * g.OutWidth * geometry.KernelSize * g.InChannels * vectors * perProduct + geometry.PaddedHeight * (double)geometry.PaddedWidth * g.InChannels * PerImageFloat;
        return dense / sparse;
    }
}
