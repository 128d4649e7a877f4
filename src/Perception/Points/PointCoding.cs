namespace EdgeAutonomy.Perception;

/// <summary>What a point of a group says about itself: three numbers of its own and three of its group.</summary>
public enum PointCoding
{
    /// <summary>|Δ| to the centroid, and the group's minimum: nothing is negative, so rates of spikes can say it, and the minimum keeps left from right (SpikePoint, Ren et al., ICLR 2024).</summary>
    AbsoluteMinimum,

    /// <summary>Δ with its sign, and the centroid: the plain coding. A rate cannot be negative: as spikes every Δ below zero is silence.</summary>
    SignedCentroid,
}
