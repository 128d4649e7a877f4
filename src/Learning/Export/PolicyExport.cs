using EdgeAutonomy.Policies;

namespace EdgeAutonomy.Learning;

/// <summary>Writes what learners trained as ONNX: networks of values for <see cref="LearnedPolicy"/>, and networks of continuous actions.</summary>
/// <remarks>
/// A <see cref="LearnedPolicy"/> gives its network each input scaled from the range on its card into [−1, 1]; the exported network undoes that first, so that it sees what it was trained on. Both
/// steps round, so outputs may differ in the last digits from training, and choices only where two values are equal to these digits. Masks are applied outside the graph.
/// </remarks>
public static class PolicyExport
{
    /// <summary>Exports the values of a double DQN.</summary>
    /// <param name="network">The network.</param>
    /// <param name="schema">What it sees and chooses from, in the order of the environment's observations and choices.</param>
    /// <exception cref="ArgumentException">The network has other inputs or outputs than the schema.</exception>
    public static byte[] Values(QNetwork network, PolicySchema schema)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Choice(network.Network, null, schema, scaled: false);
    }

    /// <summary>Exports the logits of a policy over discrete actions; the greatest is the most probable action.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="schema">What it sees and chooses from, in the order of the environment's observations and choices.</param>
    /// <param name="scaled">Whether the environment gave observations scaled by the schema already, as <see cref="RoverEnvironment"/> does; then nothing is undone.</param>
    /// <exception cref="ArgumentException">The actions are continuous, or the network has other inputs or outputs than the schema.</exception>
    public static byte[] Values(PolicyActor actor, PolicySchema schema, bool scaled = false)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Head is not CategoricalHead) throw new ArgumentException("The actor has continuous actions; export them with Actions.", nameof(actor));
        return Choice(actor.Network, actor.Scaling, schema, scaled);
    }

    /// <summary>Exports the mean actions of a continuous policy: "observation", unscaled, to "action", not clipped.</summary>
    /// <param name="actor">The actor.</param>
    /// <exception cref="ArgumentException">The actions are discrete.</exception>
    public static byte[] Actions(PolicyActor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Head is not GaussianHead) throw new ArgumentException("The actor has discrete actions; export them with Values.", nameof(actor));
        var g = new OnnxGraphBuilder("policy");
        string x = Scale(g, g.Input("observation", 1, actor.Network.Input.Count), actor.Scaling, actor.Network.Input.Count);
        g.Output(Layers(g, x, actor.Network), "action", 1, actor.Network.Output.Count);
        return g.Build().Write();
    }

    /// <summary>Exports a squashed policy: "observation", unscaled, to "action" in the box, one per duration, [rung · numbers + number], and where there are durations "rungs", a logit each.</summary>
    /// <param name="actor">The actor.</param>
    public static byte[] Actions(SquashedActor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        int width = actor.ActionWidth, rungs = actor.Rungs, means = width * rungs, inputs = actor.ObservationWidth;
        var last = (LinearLayer<float>)actor.Network.Layers[^1];
        var g = new OnnxGraphBuilder("policy");
        string x = Scale(g, g.Input("observation", 1, inputs), actor.Scaling, inputs);
        string hidden = Layers(g, x, actor.Network, actor.Network.Layers.Count - 1);
        // The spread is of no use without exploring: only the columns of means and logits go out.
        int[] columns = [.. Enumerable.Range(0, means).Select(i => i / width * 2 * width + i % width)];
        string mean = g.Node("Tanh", [Columns(g, hidden, last, columns)], []);
        float[] half = [.. Enumerable.Range(0, means).Select(i => actor.Half[i % width])], middle = [.. Enumerable.Range(0, means).Select(i => actor.Low[i % width] + actor.Half[i % width])];
        g.Output(g.Node("Add", [g.Node("Mul", [mean, g.Constant(half, 1, means)], []), g.Constant(middle, 1, means)], []), "action", 1, means);
        if (rungs > 1) g.Output(Columns(g, hidden, last, [.. Enumerable.Range(2 * means, rungs)]), "rungs", 1, rungs);
        return g.Build().Write();
    }

    private static byte[] Choice(Network<float> network, RunningMoments? scaling, PolicySchema schema, bool scaled)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema.Validate();
        int inputs = network.Input.Count;
        if (inputs != schema.Inputs.Count || network.Output.Count != schema.Values) throw new ArgumentException($"The network takes {inputs} numbers and gives {network.Output.Count}, the schema has {schema.Inputs.Count} inputs and {schema.Values} values.", nameof(schema));
        var g = new OnnxGraphBuilder("policy");
        float[] half = [.. schema.Inputs.Select(i => (float)((i.High - i.Low) / 2))], middle = [.. schema.Inputs.Select(i => (float)((i.High + i.Low) / 2))];
        string x = g.Input("observation", 1, inputs);
        if (!scaled) x = g.Node("Add", [g.Node("Mul", [x, g.Constant(half, 1, inputs)], []), g.Constant(middle, 1, inputs)], []);
        g.Output(Layers(g, Scale(g, x, scaling, inputs), network), "q", 1, network.Output.Count);
        return g.Build().Write();
    }

    private static string Scale(OnnxGraphBuilder g, string x, RunningMoments? scaling, int width)
    {
        if (scaling is null) return x;
        float[] shift = new float[width], factor = new float[width];
        scaling.Linear(shift, factor);
        string scaled = g.Node("Mul", [g.Node("Add", [x, g.Constant(shift, 1, width)], []), g.Constant(factor, 1, width)], []);
        return g.Node("Clip", [scaled, g.Constant([-(float)RunningMoments.Bound]), g.Constant([(float)RunningMoments.Bound])], []);
    }

    private static string Layers(OnnxGraphBuilder g, string x, Network<float> network, int count = int.MaxValue)
    {
        foreach (var layer in network.Layers.Take(count))
        {
            x = layer switch
            {
                LinearLayer<float> linear => g.Node("Gemm", [x, g.Constant(linear.Weights.Value, linear.Input.Count, linear.Output.Count), g.Constant(linear.Bias!.Value, linear.Output.Count)], []),
                ReluLayer<float> => g.Node("Relu", [x], []),
                TanhLayer<float> => g.Node("Tanh", [x], []),
                RungSumLayer<float> sum => g.Node("MatMul", [x, g.Constant(Sum(sum), sum.Input.Count, sum.Output.Count)], []),
                _ => throw new NotSupportedException($"Bug in EdgeAutonomy.Learning: a perceptron with layer '{layer.Name}'."),
            };
        }
        return x;
    }

    private static float[] Sum(RungSumLayer<float> layer)
    {
        var ones = new float[layer.Input.Count * layer.Output.Count];
        for (int i = 0; i < layer.Output.Count; i++) ones[i / layer.Rungs * layer.Output.Count + i] = ones[(layer.Actions + i % layer.Rungs) * layer.Output.Count + i] = 1;
        return ones;
    }

    private static string Columns(OnnxGraphBuilder g, string x, LinearLayer<float> layer, int[] columns)
    {
        int inputs = layer.Input.Count, outputs = layer.Output.Count;
        var weights = new float[inputs * columns.Length];
        for (int i = 0; i < inputs; i++)
        {
            for (int k = 0; k < columns.Length; k++) weights[i * columns.Length + k] = layer.Weights.Value[i * outputs + columns[k]];
        }
        return g.Node("Gemm", [x, g.Constant(weights, inputs, columns.Length), g.Constant([.. columns.Select(c => layer.Bias!.Value[c])], columns.Length)], []);
    }
}
