namespace EdgeAutonomy.Learning;

/// <summary>A population of leaky integrate-and-fire neurons.</summary>
public sealed record LifOptions
{
    /// <summary>Gets the membrane time constant in steps, at least 1; infinite = no leak.</summary>
    public double Tau { get; init; } = 2;

    /// <summary>Gets whether the input is divided by τ too.</summary>
    public bool DecayInput { get; init; }

    /// <summary>Gets the threshold θ; a spike where v &gt; θ, as in NIR.</summary>
    public double Threshold { get; init; } = 1;

    /// <summary>Gets what a spike does to the membrane.</summary>
    public MembraneReset Reset { get; init; }

    /// <summary>Gets where a hard reset leads, and where the membrane leaks to; it starts at 0 all the same.</summary>
    public double ResetValue { get; init; }

    /// <summary>Gets whether the gradient does not flow through the reset.</summary>
    public bool Detach { get; init; } = true;

    /// <summary>Gets the surrogate.</summary>
    public Surrogate Surrogate { get; init; } = Surrogate.Default;

    /// <summary>Gets whether 1/τ = σ(w) is trained, one w for the layer (PLIF).</summary>
    public bool LearnTau { get; init; }

    /// <summary>Gets whether θ is trained, one for the layer.</summary>
    public bool LearnThreshold { get; init; }

    /// <summary>Gets whether there are weights from each neuron's last spike to every neuron.</summary>
    public bool Recurrent { get; init; }
}
