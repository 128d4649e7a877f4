namespace EdgeAutonomy.Perception;

/// <summary>What a NIR file leaves open. A value of null means: as the metadata says, else as NIR's own equations read.</summary>
public sealed record SpikingOptions
{
    /// <summary>Gets the length of a step in seconds; null = the graph's <c>edge_dt</c>, else guessed from the parameters where they allow only one guess.</summary>
    /// <value>In (0, 3600]. Networks whose time constants are meant in steps have 1.</value>
    public double? Dt { get; init; }

    /// <summary>Gets what happens to a membrane that has spiked; null = <c>edge_reset</c>, else <see cref="SpikeReset.Value"/>.</summary>
    public SpikeReset? Reset { get; init; }

    /// <summary>Gets whether a membrane exactly at the threshold spikes; null = <c>edge_compare</c>, else <see cref="SpikeComparison.Above"/>.</summary>
    public SpikeComparison? Compare { get; init; }

    /// <summary>Gets how time constants become factors; null = <c>edge_discretisation</c>, else <see cref="SpikeDiscretisation.Euler"/>.</summary>
    public SpikeDiscretisation? Discretisation { get; init; }

    /// <summary>Gets which synaptic current enters a membrane.</summary>
    public SynapticCurrent Current { get; init; } = SynapticCurrent.New;

    /// <summary>Gets whether gains are multiplied into the weights ahead of time and weights add straight into membranes. False computes every node on its own, as written: for comparisons with other tools to the last bit.</summary>
    public bool Fold { get; init; } = true;

    /// <summary>Gets how weights are kept.</summary>
    public SpikingPrecision Precision { get; init; } = SpikingPrecision.Float32;

    /// <summary>Gets whether layers walk over spikes or over all inputs.</summary>
    public SpikingPath Path { get; init; } = SpikingPath.Auto;

    /// <summary>Gets whether the network's input counts as 1 wherever it is not 0. False: several events of one step on one input add up.</summary>
    public bool BinaryInput { get; init; }

    /// <summary>Gets how synapses with delays of their own are computed.</summary>
    public DelayKernel Delays { get; init; } = DelayKernel.Auto;

    /// <summary>Gets whether a neuron emits ⌊v/θ⌋ spikes in one step instead of one at most, as sinabs does. Needs <see cref="SpikeReset.Subtract"/> to make sense.</summary>
    public bool MultiSpike { get; init; }

    /// <summary>Gets the value below which no membrane of a spiking neuron falls, such as −1 in sinabs; null = none.</summary>
    public double? MinPotential { get; init; }

    /// <summary>Gets the neurons whose membranes <see cref="SpikingNetwork.Membrane"/> shows after each step, by node path; watching costs one store per neuron and step.</summary>
    public IReadOnlyList<string> Probes { get; init; } = [];

    /// <summary>Gets the widest vectors to use; for tests, every width gives the same bits.</summary>
    internal SimdLevel Simd { get; init; } = SimdLevel.Best;
}
