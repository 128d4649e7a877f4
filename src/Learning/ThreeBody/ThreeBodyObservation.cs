namespace EdgeAutonomy.Learning;

/// <summary>What a policy sees of the three bodies.</summary>
public enum ThreeBodyObservation
{
    /// <summary>Published, 13 numbers: x, y of each body / 10, x, y of each velocity, −log10|ΔE|.</summary>
    Cartesian,

    /// <summary>Published, 3 numbers: the smallest distance / 10, that pair's relative speed, −log10|ΔE|.</summary>
    Distance,

    /// <summary>
    /// Ours, 15 numbers that neither rotation, translation nor relabelling changes: for the pairs by rising distance ln r, ln(v + 1e-3) and
    /// (r·v)/(|r||v| + 1e-9), nine in all; log10 of the collision time; log10 of the last interval's |ΔE| in [−16, 0], and its sign; −log10 of the cumulative
    /// |ΔE| in [0, 16]; the last rung / (K − 1); log10 of the last interval's steps (at least 1).
    /// </summary>
    Invariant,
}
