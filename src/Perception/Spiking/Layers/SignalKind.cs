namespace EdgeAutonomy.Perception;

/// <summary>What a signal can carry.</summary>
internal enum SignalKind
{
    /// <summary>Zeros and ones.</summary>
    Binary,

    /// <summary>Whole numbers, not negative.</summary>
    Counts,

    /// <summary>Anything finite.</summary>
    Real,
}
