namespace EdgeAutonomy.Perception;

/// <summary>How input and state become a membrane.</summary>
internal enum FireModel
{
    /// <summary>Synapses add into the membrane: v is compared as it stands, then v ← A·v + B for the next step.</summary>
    Direct,

    /// <summary>Synapses add into a current: v ← (A·v + B) + G·I; then I ← CurrentA·I + CurrentB for the next step.</summary>
    Current,

    /// <summary>As Current, but v takes the current of the step before: it is updated after the comparison.</summary>
    OldCurrent,

    /// <summary>The input is kept apart: v ← (A·v + B) + G·x.</summary>
    Literal,

    /// <summary>The input is kept apart: I ← CurrentA·I + CurrentG·x; v ← (A·v + B) + G·I.</summary>
    LiteralCurrent,

    /// <summary>The input is kept apart: v ← (A·v + B) + G·I; I ← CurrentA·I + CurrentG·x.</summary>
    LiteralOldCurrent,

    /// <summary>No state: the sum is compared, and starts again at B.</summary>
    Stateless,
}

/// <summary>What a spike does to a membrane.</summary>
internal enum FireReset
{
    None,
    Target,
    Subtract,
    Pending,
    Delayed,
}

/// <summary>What comes out of a neuron.</summary>
internal enum FireOutput
{
    /// <summary>Zero or one.</summary>
    Spike,

    /// <summary>⌊clamp(v/θ, 0, L) + ½⌋.</summary>
    Levels,

    /// <summary>⌊v/θ⌋ where positive.</summary>
    Multi,

    /// <summary>The membrane itself.</summary>
    Value,
}
