namespace EdgeAutonomy.Learning;

/// <summary>A population of leaky integrate-and-fire neurons behind a synaptic current.</summary>
public sealed record CubaLifOptions
{
    /// <summary>Gets the synaptic time constant in steps, at least 1.</summary>
    public double TauSyn { get; init; } = 2;

    /// <summary>Gets the membrane time constant in steps, at least 1.</summary>
    public double TauMem { get; init; } = 4;

    /// <summary>Gets whether the current is scaled by 1/τ_syn and the membrane's input by 1/τ_mem, as in NIR; otherwise both gains are 1.</summary>
    public bool DecayInput { get; init; }

    /// <summary>Gets the threshold θ; a spike where v &gt; θ.</summary>
    public double Threshold { get; init; } = 1;

    /// <summary>Gets what a spike does to the membrane; a hard reset leads to 0.</summary>
    public MembraneReset Reset { get; init; }

    /// <summary>Gets whether the gradient does not flow through the reset.</summary>
    public bool Detach { get; init; } = true;

    /// <summary>Gets the surrogate.</summary>
    public Surrogate Surrogate { get; init; } = Surrogate.Default;

    /// <summary>Gets whether there are weights from each neuron's last spike to every neuron.</summary>
    public bool Recurrent { get; init; }
}
