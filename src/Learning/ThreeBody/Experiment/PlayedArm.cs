namespace EdgeAutonomy.Learning;

/// <summary>An arm's episodes.</summary>
/// <param name="Name">The arm.</param>
/// <param name="Family">What kind it is.</param>
/// <param name="Rows">[training seed, episode]; one row where nothing was learned.</param>
internal sealed record PlayedArm(string Name, ArmFamily Family, IReadOnlyList<ArmEpisode[]> Rows)
{
    private const double Log10 = 0.43429448190325182; // 1/ln 10

    /// <summary>Gets whether it may stand in the front that learned arms are compared with.</summary>
    public bool IsInFront => Family is ArmFamily.Fixed or ArmFamily.Retry;

    /// <summary>Returns the arm on some of its episodes.</summary>
    public ArmSample On(Range episodes) => new(
        Name,
        [.. Rows.Select(r => r[episodes].Select(e => e.LogError).ToArray())],
        [.. Rows.Select(r => r[episodes].Select(e => DeterministicMath.Log(Math.Max(1, e.Work.Total)) * Log10).ToArray())]);

    /// <summary>Returns the same trajectories with rejected work taken off: the greedy oracle of a retry.</summary>
    public PlayedArm WithoutRejected(string name) => new(name, ArmFamily.Oracle, [.. Rows.Select(r => r.Select(e => e with { Work = e.Work with { Rejected = 0 } }).ToArray())]);

    /// <summary>Returns all episodes of some range, of all training seeds.</summary>
    public IEnumerable<ArmEpisode> Episodes(Range range) => Rows.SelectMany(r => r[range]);
}
