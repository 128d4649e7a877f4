namespace EdgeAutonomy.Learning;

/// <summary>What a network's synapses know of delays.</summary>
public enum DelayKind
{
    /// <summary>All synapses act in the same step.</summary>
    None,

    /// <summary>Whole-step delays, drawn once and left as they are; weights are trained.</summary>
    Random,

    /// <summary>Delays and weights are trained.</summary>
    Learned,
}
