using System.Globalization;

namespace EdgeAutonomy.Perception;

/// <summary>Finds the length of a step: a NIR file has none.</summary>
internal static class TimeStep
{
    // An hour: longer steps are a mistake of units.
    private const double Longest = 3600;

    // What snnTorch and SpikingJelly write with (spiking-nir.md §4.1).
    private const double UsualExport = 1e-4;

    /// <summary>Gives dt in seconds: as asked, else as the graph says, else the only value the parameters make sense with.</summary>
    /// <exception cref="SpikingModelException">None of these gives one, or it is out of range.</exception>
    internal static double Of(FlatGraph graph, NirGraph source, SpikingOptions options)
    {
        if (options.Dt is { } asked) return Checked(asked, "Option Dt is");
        if (source.Metadata["edge_dt"] is NirArray { Count: 1 } stated) return Checked(stated.ToDouble()[0], "Metadata edge_dt is");
        bool hasTau = false, needsDt = false, allOne = true, allUsual = true;
        foreach (var node in graph.Nodes)
        {
            if (node.Type == NirNodeType.Delay) (needsDt, allOne) = (true, false);
            if (!node.IsNeuron) continue;
            needsDt = true;
            double[] r = Parameters.Required(node, "r").ToDouble();
            if (node.Type is NirNodeType.I or NirNodeType.IF)
            {
                allOne &= Array.TrueForAll(r, v => v == 1);
                allUsual &= Array.TrueForAll(r, v => IsOne(v * UsualExport));
                continue;
            }
            hasTau = true;
            double[] tau = Parameters.Required(node, node.Type is NirNodeType.CubaLI or NirNodeType.CubaLIF ? "tau_mem" : "tau").ToDouble();
            for (int i = 0; i < Math.Max(tau.Length, r.Length); i++) allUsual &= IsOne(r[Math.Min(i, r.Length - 1)] * UsualExport / tau[Math.Min(i, tau.Length - 1)]);
        }
        if (!needsDt || (!hasTau && allOne)) return 1;
        if (allUsual) return UsualExport;
        throw new SpikingModelException("The network does not say how long a step is, and its parameters allow no guess; set Dt in the options (what the network was trained with, in seconds; 1 where time constants are meant in steps).");
    }

    private static bool IsOne(double value) => Math.Abs(value - 1) < 1e-3;

    private static double Checked(double dt, string what) =>
        dt > 0 && dt <= Longest ? dt : throw new SpikingModelException(string.Create(CultureInfo.InvariantCulture, $"{what} {dt} s; a step must be longer than 0 and at most {Longest} s."));
}
