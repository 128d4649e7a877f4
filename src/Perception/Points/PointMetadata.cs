namespace EdgeAutonomy.Perception;

/// <summary>What a graph's metadata say about the front end of a point network, beyond what NIR can say.</summary>
/// <remarks>
/// On the graph: <c>edge_points</c> = version 1, and one key per option, <c>edge_points_…</c>; texts for choices, numbers otherwise. On a neuron's node:
/// <c>edge_points_max</c> = neighbours or groups: its neurons get the greatest of the currents that arrive over these, and there is one of each for all of them.
/// A reader that does not know the keys gets the network that every single point runs through.
/// </remarks>
public static class PointMetadata
{
    /// <summary>The key on the graph that says that this is a point network; its value is the version, 1.</summary>
    public const string VersionKey = "edge_points";

    /// <summary>The key on a neuron's node that says what its currents are pooled over.</summary>
    public const string MaxKey = "edge_points_max";

    /// <summary>The value of <see cref="MaxKey"/> for the points of a group.</summary>
    public const string Neighbours = "neighbours";

    /// <summary>The value of <see cref="MaxKey"/> for all groups.</summary>
    public const string Groups = "groups";

    private const string Prefix = "edge_points_";

    /// <summary>Writes options into metadata.</summary>
    /// <param name="options">The options.</param>
    /// <param name="metadata">What is there already.</param>
    public static NirGroup Write(PointOptions options, NirGroup metadata)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(metadata);
        options.Validate();
        return metadata.With(VersionKey, NirArray.Scalar(1L))
            .With(Prefix + "window_us", NirArray.Scalar((long)options.WindowUs)).With(Prefix + "overlap", NirArray.Scalar((long)options.Overlap))
            .With(Prefix + "points", NirArray.Scalar((long)options.Points)).With(Prefix + "groups", NirArray.Scalar((long)options.Groups))
            .With(Prefix + "neighbours", NirArray.Scalar((long)options.Neighbours)).With(Prefix + "steps", NirArray.Scalar((long)options.Steps))
            .With(Prefix + "voxels", NirArray.Scalar((long)options.VoxelsPerAxis)).With(Prefix + "minimum_events", NirArray.Scalar((long)options.MinimumEvents))
            .With(Prefix + "reach", NirArray.Scalar((double)options.Reach)).With(Prefix + "trim", NirArray.Scalar((double)options.Trim))
            .With(Prefix + "scale", new NirText(options.KeepsAspect ? "alike" : "per-axis"))
            .With(Prefix + "coding", new NirText(options.Coding == PointCoding.AbsoluteMinimum ? "absolute-minimum" : "signed"))
            .With(Prefix + "input", new NirText(options.Input == PointInput.Spikes ? "spikes" : "current"))
            .With(Prefix + "centroids", new NirText(options.Centroids == PointCentroids.Farthest ? "farthest" : "voxels"));
    }

    /// <summary>Reads options from metadata.</summary>
    /// <param name="metadata">The graph's.</param>
    /// <exception cref="InvalidDataException">A key is absent, of the wrong kind, or outside its range; the message names it.</exception>
    public static PointOptions Read(NirGroup metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata[VersionKey] is null) throw new InvalidDataException($"The graph has no metadata '{VersionKey}'; it is not a point network.");
        double version = Number(metadata, VersionKey);
        if (version != 1) throw new InvalidDataException(FormattableString.Invariant($"Metadata '{VersionKey}' is {version}; this version reads 1."));
        var options = new PointOptions
        {
            WindowUs = Whole(metadata, "window_us"),
            Overlap = Whole(metadata, "overlap"),
            Points = Whole(metadata, "points"),
            Groups = Whole(metadata, "groups"),
            Neighbours = Whole(metadata, "neighbours"),
            Steps = Whole(metadata, "steps"),
            VoxelsPerAxis = Whole(metadata, "voxels"),
            MinimumEvents = Whole(metadata, "minimum_events"),
            Reach = (float)Number(metadata, Prefix + "reach"),
            Trim = (float)Number(metadata, Prefix + "trim"),
            KeepsAspect = Choice(metadata, "scale", "per-axis", "alike") == 1,
            Coding = Choice(metadata, "coding", "absolute-minimum", "signed") == 0 ? PointCoding.AbsoluteMinimum : PointCoding.SignedCentroid,
            Input = Choice(metadata, "input", "spikes", "current") == 0 ? PointInput.Spikes : PointInput.Current,
            Centroids = Choice(metadata, "centroids", "farthest", "voxels") == 0 ? PointCentroids.Farthest : PointCentroids.VoxelGrid,
        };
        try
        {
            options.Validate();
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new InvalidDataException($"The graph's metadata {Prefix}*: {error.Message}", error);
        }
        return options;
    }

    private static int Whole(NirGroup metadata, string name)
    {
        double v = Number(metadata, Prefix + name);
        return v == Math.Floor(v) && Math.Abs(v) <= int.MaxValue ? (int)v : throw new InvalidDataException(FormattableString.Invariant($"Metadata '{Prefix}{name}' is {v}; must be a whole number of 32 bits."));
    }

    private static double Number(NirGroup metadata, string key) =>
        metadata[key] is NirArray { Count: 1 } a ? a.ToDouble()[0] : throw new InvalidDataException($"Metadata '{key}' is {(metadata[key] is null ? "absent" : "not one number")}; export the network again.");

    private static int Choice(NirGroup metadata, string name, string first, string second) => (metadata[Prefix + name] as NirText)?.Text switch
    {
        { } text when text == first => 0,
        { } text when text == second => 1,
        var other => throw new InvalidDataException($"Metadata '{Prefix}{name}' is {(other is null ? "absent or not a text" : $"'{(other.Length > 40 ? other[..40] : other)}'")}; must be {first} or {second}."),
    };
}
