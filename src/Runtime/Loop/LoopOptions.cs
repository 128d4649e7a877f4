namespace EdgeAutonomy.Runtime;

/// <summary>How a loop runs.</summary>
public sealed record LoopOptions
{
    /// <summary>Gets the loop's name; default "loop".</summary>
    public string Name { get; init; } = "loop";

    /// <summary>Gets the run's seed; every stage's random stream comes from it and the stage's name.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets the periods the loop may run at; default 1 … 32 ms.</summary>
    public PeriodGrid Grid { get; init; } = PeriodGrid.Default;

    /// <summary>Gets the grid index of the first period; default 2 (4 ms on the default grid).</summary>
    public int StartIndex { get; init; } = 2;

    /// <summary>Gets limits by stage name; a stage that is not named has none.</summary>
    public IReadOnlyDictionary<string, StageOptions> Stages { get; init; } = new Dictionary<string, StageOptions>();

    /// <summary>Gets how anytime stages are refined.</summary>
    public AnytimeOptions Anytime { get; init; } = new();

    /// <summary>Gets what happens to passed deadlines; default <see cref="OverrunPolicy.SkipSlots"/>.</summary>
    public OverrunPolicy OnOverrun { get; init; } = OverrunPolicy.SkipSlots;

    /// <summary>Gets whether decisions may be taken from measured time (budget misses, slack, skipped slots). True on a robot;
    /// false in simulation, where the same seed must give the same run on a slow machine too. Default true.</summary>
    public bool MeasuredDecisions { get; init; } = true;

    /// <summary>Gets the recording that this run replays; null = it does not. The loop then takes measured decisions and inbox from it.</summary>
    public IReplayFeed? Replay { get; init; }

    /// <summary>Gets how many first cycles run with the safe action while the JIT warms up; default 0 (a board uses 200).</summary>
    public int WarmUpCycles { get; init; }

    /// <summary>Gets whether every cycle's state is hashed; default true.</summary>
    public bool HashState { get; init; } = true;

    /// <summary>Gets the thresholds of the health ladder.</summary>
    public HealthOptions Health { get; init; } = new();

    /// <summary>Gets the limits the governor lays upon any pacer.</summary>
    public GovernorOptions Governor { get; init; } = new();

    /// <summary>Gets the longest time any sector may stay unsensed, whatever the policy asks; default 500 ms.</summary>
    public Duration MaxUnseen { get; init; } = Duration.FromMilliseconds(500);
}
