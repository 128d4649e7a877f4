namespace EdgeAutonomy.Perception;

/// <summary>How the events of a window become the channels of an image.</summary>
public enum EventFrameKind
{
    /// <summary>One channel: how many events each cell saw.</summary>
    Count,

    /// <summary>Two channels: events of polarity 0 (darker), events of polarity 1 (brighter).</summary>
    Polarity,

    /// <summary>
    /// Any number of channels: time bins from old to new; each event adds its sign, shared between the two bins nearest in time in proportion to how near they are
    /// (Zhu et al. 2019, arXiv 1812.08156, eq. 1–2).
    /// </summary>
    Voxel,
}
