namespace EdgeAutonomy.Perception;

/// <summary>The constants of a neuron node, per element: v ← A·v + B + G·x, or with a current I ← CurrentA·I + CurrentG·x and v ← A·v + B + G·I.</summary>
/// <remarks>Worked out in float64. Equations: NIR (Nature Communications 2024, table 1) and spiking-networks.md §2.</remarks>
internal sealed class NeuronConstants
{
    private NeuronConstants(double[] a, double[] b, double[] g) => (A, B, G) = (a, b, g);

    internal double[] A { get; }

    internal double[] B { get; }

    internal double[] G { get; }

    internal double[]? CurrentA { get; private set; }

    internal double[]? CurrentG { get; private set; }

    internal double[]? Threshold { get; private set; }

    internal double[]? ResetTo { get; private set; }

    internal static string[] ShapedParameters(NirNodeType type) => type switch
    {
        NirNodeType.I => ["r"],
        NirNodeType.IF => ["r", "v_threshold", "v_reset"],
        NirNodeType.LI => ["tau", "r", "v_leak"],
        NirNodeType.LIF => ["tau", "r", "v_leak", "v_threshold", "v_reset"],
        NirNodeType.CubaLI => ["tau_syn", "tau_mem", "r", "v_leak", "w_in"],
        _ => ["tau_syn", "tau_mem", "r", "v_leak", "v_threshold", "w_in", "v_reset"],
    };

    /// <summary>Reads a neuron node.</summary>
    /// <exception cref="SpikingModelException">A parameter is absent, not finite, of another shape, or does not go with dt.</exception>
    internal static NeuronConstants Of(FlatNode node, double dt, SpikeDiscretisation discretisation, List<string> warnings)
    {
        int[] shape = node.Inputs.Count > 0 && node.Inputs[0].Elements == node.Elements ? node.Inputs[0].Shape! : node.Shape!;
        bool isCuba = node.Type is NirNodeType.CubaLI or NirNodeType.CubaLIF;
        int n = SignalLayout.Product(shape);
        double[] r = Read("r"), a = new double[n], b = new double[n], g = new double[n];
        if (node.Type is NirNodeType.I or NirNodeType.IF)
        {
            for (int i = 0; i < n; i++) (a[i], g[i]) = (1, dt * r[i]);
        }
        else
        {
            double[] leak = Read("v_leak");
            Decay(node, isCuba ? "tau_mem" : "tau", Read(isCuba ? "tau_mem" : "tau"), dt, discretisation, warnings, a, g);
            for (int i = 0; i < n; i++) (b[i], g[i]) = (g[i] * leak[i], g[i] * r[i]);
        }
        var constants = new NeuronConstants(a, b, g);
        if (isCuba)
        {
            (constants.CurrentA, constants.CurrentG) = (new double[n], new double[n]);
            Decay(node, "tau_syn", Read("tau_syn"), dt, discretisation, warnings, constants.CurrentA, constants.CurrentG);
            double[] gain = Read("w_in", 1);
            for (int i = 0; i < n; i++) constants.CurrentG[i] *= gain[i];
        }
        if (node.Spikes) (constants.Threshold, constants.ResetTo) = (Read("v_threshold"), Read("v_reset", 0));
        return constants;

        double[] Read(string name, double? absent = null) => Parameters.PerElement(node, name, shape, absent);
    }

    // keep = what is left after dt, gain = 1 − keep.
    private static void Decay(FlatNode node, string name, double[] tau, double dt, SpikeDiscretisation discretisation, List<string> warnings, double[] keep, double[] gain)
    {
        bool warned = false;
        var c = System.Globalization.CultureInfo.InvariantCulture;
        for (int i = 0; i < tau.Length; i++)
        {
            if (!(tau[i] > 0)) throw node.Error(string.Create(c, $"has {name}[{i}] = {tau[i]} s; a time constant must be positive."));
            double x = dt / tau[i];
            if (discretisation == SpikeDiscretisation.Exponential)
            {
                gain[i] = -DeterministicMath.Expm1(-x);
                keep[i] = DeterministicMath.Exp(-x);
                continue;
            }
            if (x > 2) throw node.Error(string.Create(c, $"has {name}[{i}] = {tau[i]} s, and Euler steps of dt = {dt} s grow without end where dt is more than twice as long; choose a smaller dt or the exponential discretisation."));
            if (x > 1 + 1e-6 && !warned)
            {
                warned = true;
                warnings.Add(string.Create(c, $"Node '{node.Name}' ({node.Type}) has {name}[{i}] = {tau[i]} s, shorter than dt = {dt} s: Euler steps swing from one side to the other."));
            }
            (keep[i], gain[i]) = (1 - x, x);
        }
    }
}
