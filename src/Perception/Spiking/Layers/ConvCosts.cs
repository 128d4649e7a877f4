namespace EdgeAutonomy.Perception;

/// <summary>What the two convolution kernels cost, to know which one a number of spikes calls for. Stored, never measured while running.</summary>
/// <remarks>Fitted to `edge bench snn` on an AVX-512 machine, whole and with its wider vectors switched off, in nanoseconds of that machine; only ratios matter. A wrong
/// ratio costs time and never a result.</remarks>
internal static class ConvCosts
{
    // A spike: its lookup, each output row it reaches; drawing a float of the image.
    private const double PerSpike = 0.9, PerRow = 0.35, PerImageFloat = 0.04;

    // For each width: a vector that is loaded, added to and stored; a product and a sum of one in a tile that is two vectors wide, in one that is one wide, and in groups,
    // where every vector loads its inputs.
    private static readonly (double Add, double Product, double Narrow, double Grouped)
        Costs512 = (0.76, 0.157, 0.19, 0.32), Costs256 = (0.41, 0.148, 0.19, 0.2), Costs128 = (0.4, 0.18, 0.21, 0.28), CostsScalar = (0.5, 0.4, 0.4, 0.4);

    // In groups: a spike, each of its additions; clearing a float of the image, drawing a spike there, and each output that sees it.
    private const double PerGroupedSpike = 5.2, PerGroupedAdd = 0.55, PerClearedFloat = 0.045, PerDrawnSpike = 0.9, PerDrawnOutput = 0.4;

    /// <summary>Gives the share of active inputs at which the sparse and the dense kernel for groups cost the same.</summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="depth">Input channels of a group.</param>
    /// <param name="isPlain">Whether the image is the input as it lies, which the widest vectors draw at no cost per spike.</param>
    /// <param name="level">The width of the vectors.</param>
    internal static unsafe double GroupedBreakEven(ConvGeometry geometry, int depth, bool isPlain, SimdLevel level)
    {
        var g = *geometry.Arguments;
        var (lanes, costs) = Of(level);
        int perGroup = g.OutChannels / g.Groups;
        double inputs = (double)g.InHeight * g.InWidth * g.InChannels, taps = (double)geometry.TapCount / ((double)g.InHeight * g.InWidth);
        double perTap = perGroup / lanes + perGroup % lanes, drawing = isPlain && level == SimdLevel.V512 ? 0 : PerDrawnSpike + perGroup * PerDrawnOutput;
        double sparse = inputs * (PerGroupedSpike + taps * perTap * PerGroupedAdd - drawing);
        double dense = (double)g.OutHeight * g.OutWidth * geometry.KernelSize * depth * g.OutStride / lanes * costs.Grouped
            + (double)geometry.PaddedHeight * geometry.PaddedWidth * depth * g.OutStride * (isPlain ? PerImageFloat : PerClearedFloat);
        return dense / Math.Max(sparse, 1);
    }

    /// <summary>Gives the share of active inputs at which the sparse and the dense kernel cost the same.</summary>
    internal static unsafe double BreakEven(ConvGeometry geometry, SimdLevel level)
    {
        var g = *geometry.Arguments;
        var (lanes, costs) = Of(level);
        double inputs = (double)g.InHeight * g.InWidth * g.InChannels, vectors = (double)g.OutStride / lanes;
        double rows = (double)geometry.RowTaps / g.InHeight, run = Math.Min((g.KernelWidth + g.StepX - 1) / g.StepX, g.OutWidth) * vectors;
        double sparse = inputs * (PerSpike + rows * (PerRow + run * costs.Add));
        double perProduct = vectors >= 2 ? costs.Product : costs.Narrow;
        double dense = (double)g.OutHeight * g.OutWidth * geometry.KernelSize * g.InChannels * vectors * perProduct + geometry.PaddedHeight * (double)geometry.PaddedWidth * g.InChannels * PerImageFloat;
        return dense / sparse;
    }

    private static (int Lanes, (double Add, double Product, double Narrow, double Grouped) Costs) Of(SimdLevel level) => level switch
    {
        SimdLevel.V512 => (16, Costs512),
        SimdLevel.V256 => (8, Costs256),
        SimdLevel.V128 => (4, Costs128),
        _ => (1, CostsScalar),
    };
}
