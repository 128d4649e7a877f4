namespace EdgeAutonomy.Perception;

/// <summary>Exports one step of a population of neurons.</summary>
internal static class NeuronExport
{
    public static void Step(ExportContext c, NirNode node)
    {
        var (x, shape) = c.Incoming(node);
        double dt = c.Dt(node);
        bool exponential = (node.Metadata["edge_discretisation"] as NirText)?.Text switch
        {
            null or "euler" => false,
            "exponential" => true,
            var other => throw ExportContext.Unsupported(node, $"edge_discretisation is '{other}', known are euler and exponential"),
        };
        if (node.Metadata["edge_levels"] is NirArray levels && levels.ToDouble().Any(l => l != 1)) throw ExportContext.Unsupported(node, "its spikes are whole numbers (edge_levels)");
        if (node.Type is NirNodeType.CubaLI or NirNodeType.CubaLIF) x = Current(c, node, x, shape, dt, exponential);
        string v = Membrane(c, node, x, shape, dt, exponential);
        if (node.Type is NirNodeType.I or NirNodeType.LI or NirNodeType.CubaLI)
        {
            c.NextState(node.Name + ".v", v, shape);
            Finish(c, node, v, shape);
            return;
        }
        double[] threshold = ExportContext.PerElement(node, "v_threshold", shape);
        string spikes = DenseExport.Spikes(c, node, v, threshold, shape);
        c.NextState(node.Name + ".v", Reset(c, node, v, spikes, threshold, shape), shape);
        Finish(c, node, spikes, shape);
    }

    /// <summary>Gets the shape of a population from its own parameters.</summary>
    public static int[] PopulationShape(NirNode node)
    {
        foreach (string parameter in (string[])["v_threshold", "r", "tau", "tau_mem", "v_leak"])
        {
            if (node.Array(parameter) is { Shape.Length: > 0 } found) return found.Shape.ToArray();
        }
        throw ExportContext.Unsupported(node, "it lies on a cycle and its parameters are single numbers, so that its size is not known; give every neuron its own");
    }

    private static void Finish(ExportContext c, NirNode node, string value, int[] shape)
    {
        if (c.IsDelayed(node)) c.NextState(node.Name + ".s", value, shape);
        c.Define(node, value, shape);
    }

    // I <- aI·I + gI·x
    private static string Current(ExportContext c, NirNode node, string x, int[] shape, double dt, bool exponential)
    {
        double[] tau = Positive(node, "tau_syn", shape), w = ExportContext.PerElement(node, "w_in", shape, 1);
        double[] keep = Array.ConvertAll(tau, t => Keep(dt, t, exponential));
        string name = node.Name + ".i";
        string current = Sum(c, Times(c, c.State(name, shape), keep, shape), Times(c, x, [.. keep.Zip(w, (a, factor) => (1 - a) * factor)], shape));
        c.NextState(name, current, shape);
        return current;
    }

    // v <- a·v + b + g·x
    private static string Membrane(ExportContext c, NirNode node, string x, int[] shape, double dt, bool exponential)
    {
        double[] r = ExportContext.PerElement(node, "r", shape);
        string v = c.State(node.Name + ".v", shape);
        if (node.Type is NirNodeType.I or NirNodeType.IF) return Sum(c, v, Times(c, x, Array.ConvertAll(r, value => dt * value), shape));
        double[] tau = Positive(node, node.Type is NirNodeType.LI or NirNodeType.LIF ? "tau" : "tau_mem", shape), leak = ExportContext.PerElement(node, "v_leak", shape, 0);
        double[] keep = Array.ConvertAll(tau, t => Keep(dt, t, exponential)), rest = [.. keep.Zip(leak, (a, value) => (1 - a) * value)];
        string kept = Times(c, v, keep, shape);
        if (rest.Any(b => b != 0)) kept = Sum(c, kept, c.Constant(rest, shape));
        return Sum(c, kept, Times(c, x, [.. keep.Zip(r, (a, value) => (1 - a) * value)], shape));
    }

    private static string Reset(ExportContext c, NirNode node, string v, string spikes, double[] threshold, int[] shape)
    {
        string kind = (node.Metadata["edge_reset"] as NirText)?.Text ?? "value";
        if (kind == "subtract") return c.Builder.Node("Sub", [v, Times(c, spikes, threshold, shape)]);
        if (kind is not ("zero" or "value")) throw ExportContext.Unsupported(node, $"edge_reset is '{kind}', known are zero, value and subtract");
        // (1 - s)·v + s·reset is exact for spikes of 0 and 1, and needs no operator for a choice.
        string kept = c.Builder.Node("Mul", [v, c.Builder.Node("Sub", [c.Builder.Constant([1f]), spikes])]);
        double[] reset = ExportContext.PerElement(node, "v_reset", shape, 0);
        return kind == "zero" || reset.All(value => value == 0) ? kept : Sum(c, kept, Times(c, spikes, reset, shape));
    }

    private static double Keep(double dt, double tau, bool exponential) => exponential ? DeterministicMath.Exp(-dt / tau) : 1 - dt / tau;

    private static double[] Positive(NirNode node, string parameter, int[] shape)
    {
        double[] values = ExportContext.PerElement(node, parameter, shape);
        int bad = Array.FindIndex(values, t => !(t > 0));
        return bad < 0 ? values : throw new InvalidDataException($"Node '{node.Name}' ({node.Type}): '{parameter}' holds {values[bad]} at index {bad}; a time constant is positive.");
    }

    private static string Times(ExportContext c, string x, double[] factors, int[] shape) =>
        Array.TrueForAll(factors, f => (float)f == 1) ? x : c.Builder.Node("Mul", [x, c.Constant(factors, shape)]);

    private static string Sum(ExportContext c, string a, string b) => c.Builder.Node("Add", [a, b]);
}
