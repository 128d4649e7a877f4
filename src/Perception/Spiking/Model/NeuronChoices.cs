namespace EdgeAutonomy.Perception;

/// <summary>What the options, the metadata of a neuron and that of its graph say about it, in this order.</summary>
internal readonly record struct NeuronChoices(SpikeReset Reset, SpikeComparison Compare, SpikeDiscretisation Discretisation, int Levels)
{
    // A byte holds as many; nobody trains with more.
    private const int MostLevels = 255;

    /// <summary>Gets what comes out.</summary>
    internal FireOutput Output(FlatNode node, SpikingOptions options) =>
        !node.Spikes ? FireOutput.Value : Levels > 1 ? FireOutput.Levels : options.MultiSpike ? FireOutput.Multi : FireOutput.Spike;

    /// <summary>Reads them.</summary>
    /// <exception cref="SpikingModelException">A key has a value that is not known.</exception>
    internal static NeuronChoices Of(FlatNode node, NirGraph graph, SpikingOptions options)
    {
        var reset = options.Reset ?? Text("edge_reset") switch
        {
            null or "value" => SpikeReset.Value,
            "zero" => SpikeReset.Zero,
            "subtract" => SpikeReset.Subtract,
            "subtract-pending" => SpikeReset.SubtractPending,
            "subtract-delayed" => SpikeReset.SubtractDelayed,
            var other => throw node.Error($"has edge_reset '{other}'; it must be value, zero, subtract, subtract-pending or subtract-delayed."),
        };
        var compare = options.Compare ?? Text("edge_compare") switch
        {
            null or ">" => SpikeComparison.Above,
            ">=" => SpikeComparison.AtOrAbove,
            var other => throw node.Error($"has edge_compare '{other}'; it must be > or >=."),
        };
        var discretisation = options.Discretisation ?? Text("edge_discretisation") switch
        {
            null or "euler" => SpikeDiscretisation.Euler,
            "exponential" => SpikeDiscretisation.Exponential,
            var other => throw node.Error($"has edge_discretisation '{other}'; it must be euler or exponential."),
        };
        int levels = node.Node!.Metadata["edge_levels"] is NirArray { Count: 1 } a ? Parameters.Whole(node, "edge_levels", a.ToDouble()[0], 1) : 1;
        if (levels > MostLevels) throw node.Error($"has edge_levels {levels}; at most {MostLevels} are allowed.");
        if (reset is SpikeReset.SubtractPending or SpikeReset.SubtractDelayed && (levels > 1 || options.MultiSpike)) throw node.Error($"has reset {(reset == SpikeReset.SubtractPending ? "subtract-pending" : "subtract-delayed")} and spikes that count more than one; that combination is not defined.");
        return new NeuronChoices(reset, compare, discretisation, levels);

        string? Text(string key) => ((node.Node!.Metadata[key] ?? graph.Metadata[key]) as NirText)?.Text;
    }
}
