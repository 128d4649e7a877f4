namespace EdgeAutonomy.Perception;

/// <summary>How a stream of events becomes groups of coded points: the front end of a point network.</summary>
/// <remarks>Immutable. <see cref="Validate"/> is called by every user of the record. The values travel with a model in its graph's metadata.</remarks>
public sealed record PointOptions
{
    /// <summary>Gets the length of the sliding window in microseconds.</summary>
    /// <value>In [100, 60000000]; default 300000.</value>
    public int WindowUs { get; init; } = 300_000;

    /// <summary>Gets how many windows are open at a time: a new one begins every window / overlap.</summary>
    /// <value>In [1, 64] and a divisor of <see cref="WindowUs"/>; default 2, half a window apart.</value>
    public int Overlap { get; init; } = 2;

    /// <summary>Gets how many events of a window are kept, each with equal chance.</summary>
    /// <value>In [8, 4096]; default 256.</value>
    public int Points { get; init; } = 256;

    /// <summary>Gets how many groups are made.</summary>
    /// <value>In [1, 1024]; default 64.</value>
    public int Groups { get; init; } = 64;

    /// <summary>Gets how many points a group has, its centroid included.</summary>
    /// <value>In [1, 64] and at most <see cref="Points"/>; default 16.</value>
    public int Neighbours { get; init; } = 16;

    /// <summary>Gets how many time steps the network runs for one window.</summary>
    /// <value>In [1, 64]; groups × neighbours × steps at most 262144; default 4.</value>
    public int Steps { get; init; } = 4;

    /// <summary>Gets what a point says about itself.</summary>
    public PointCoding Coding { get; init; }

    /// <summary>Gets how that enters the network.</summary>
    public PointInput Input { get; init; }

    /// <summary>Gets how centroids are chosen.</summary>
    public PointCentroids Centroids { get; init; }

    /// <summary>Gets the cells per axis of <see cref="PointCentroids.VoxelGrid"/>.</summary>
    /// <value>In [1, 16]; default 6.</value>
    public int VoxelsPerAxis { get; init; } = 6;

    /// <summary>Gets how many standard deviations of its group a Δ of 1 is; what is farther is cut to 1.</summary>
    /// <value>In [0.1, 100]; default 3.</value>
    public float Reach { get; init; } = 3;

    /// <summary>Gets the share of the points at either end of an axis that the scaling leaves out; they lie at the edge then. With 0 a single stray event shrinks everything else.</summary>
    /// <value>In [0, 0.4]; default 0, the paper's plain minimum and maximum.</value>
    public float Trim { get; init; }

    /// <summary>Gets whether columns and rows are scaled alike, so that narrow things stay narrow.</summary>
    /// <value>Default false, as in the paper.</value>
    public bool KeepsAspect { get; init; }

    /// <summary>Gets below how many events a window gives no answer.</summary>
    /// <value>In [1, 1000000]; default 32.</value>
    public int MinimumEvents { get; init; } = 32;

    /// <summary>Gets the places where points enter the network: groups × neighbours.</summary>
    public int Places => Groups * Neighbours;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        const string Record = nameof(PointOptions);
        OptionRange.Check(WindowUs is >= 100 and <= 60_000_000, Record, nameof(WindowUs), WindowUs, "must be in [100, 60000000]");
        OptionRange.Check(Overlap is >= 1 and <= 64 && WindowUs % Overlap == 0, Record, nameof(Overlap), Overlap, "must be in [1, 64] and divide WindowUs");
        OptionRange.Check(Points is >= 8 and <= 4096, Record, nameof(Points), Points, "must be in [8, 4096]");
        OptionRange.Check(Groups is >= 1 and <= 1024, Record, nameof(Groups), Groups, "must be in [1, 1024]");
        OptionRange.Check(Neighbours is >= 1 and <= 64 && Neighbours <= Points, Record, nameof(Neighbours), Neighbours, "must be in [1, 64] and at most Points");
        OptionRange.Check(Steps is >= 1 and <= 64 && Places * Steps <= 1 << 18, Record, nameof(Steps), Steps, "must be in [1, 64], and groups x neighbours x steps at most 262144");
        OptionRange.Check(Coding is PointCoding.AbsoluteMinimum or PointCoding.SignedCentroid, Record, nameof(Coding), (int)Coding, "must be 0 or 1");
        OptionRange.Check(Input is PointInput.Spikes or PointInput.Current, Record, nameof(Input), (int)Input, "must be 0 or 1");
        OptionRange.Check(Centroids is PointCentroids.Farthest or PointCentroids.VoxelGrid, Record, nameof(Centroids), (int)Centroids, "must be 0 or 1");
        OptionRange.Check(VoxelsPerAxis is >= 1 and <= 16, Record, nameof(VoxelsPerAxis), VoxelsPerAxis, "must be in [1, 16]");
        OptionRange.Check(Reach is >= 0.1f and <= 100, Record, nameof(Reach), Reach, "must be in [0.1, 100]");
        OptionRange.Check(Trim is >= 0 and <= 0.4f, Record, nameof(Trim), Trim, "must be in [0, 0.4]");
        OptionRange.Check(MinimumEvents is >= 1 and <= 1_000_000, Record, nameof(MinimumEvents), MinimumEvents, "must be in [1, 1000000]");
    }
}
