namespace EdgeAutonomy.Learning;

/// <summary>How large the experiment is.</summary>
internal sealed record ThreeBodyPlan
{
    /// <summary>Gets the checks of an episode.</summary>
    public int Checks { get; init; } = 300;

    /// <summary>Gets the seeds of test set A, the published evaluation set.</summary>
    public IReadOnlyList<uint> A { get; init; } = Seeds(0, 100);

    /// <summary>Gets the seeds of test set B, the confirmatory one.</summary>
    public IReadOnlyList<uint> B { get; init; } = Seeds(200, 100);

    /// <summary>Gets further held-out seeds, which widen the table but not the rule.</summary>
    public IReadOnlyList<uint> C { get; init; } = Seeds(300, 100);

    /// <summary>Gets the resamples of every interval.</summary>
    public int Resamples { get; init; } = PairedBootstrap.Resamples;

    /// <summary>Gets the episodes and epochs of a forecast.</summary>
    public (int Episodes, int Epochs) Forecast { get; init; } = (250, 30);

    /// <summary>Gets the environment steps of double DQN.</summary>
    public int Steps { get; init; } = 10_000;

    /// <summary>Gets the episodes of the published learner, of 2000.</summary>
    public int PublishedEpisodes { get; init; } = 10;

    /// <summary>Gets all test seeds in order: A, then B, then C.</summary>
    public IReadOnlyList<uint> All => [.. A, .. B, .. C];

    /// <summary>Gets where A lies in <see cref="All"/>.</summary>
    public Range OnA => ..A.Count;

    /// <summary>Gets where B lies in <see cref="All"/>.</summary>
    public Range OnB => A.Count..(A.Count + B.Count);

    /// <summary>Gets the quick form.</summary>
    public static ThreeBodyPlan Quick => new() { Checks = 100, A = Seeds(0, 20), B = Seeds(200, 20), C = [], Resamples = 1000, Forecast = (60, 20), Steps = 2000 };

    private static uint[] Seeds(uint first, int count) => [.. Enumerable.Range(0, count).Select(i => first + (uint)i)];
}
