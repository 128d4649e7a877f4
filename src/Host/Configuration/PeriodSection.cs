namespace EdgeAutonomy.Host;

/// <summary>The period of a loop: a grid from MinMs to MaxMs in steps of two, and who picks from it.</summary>
public sealed class PeriodSection
{
    /// <summary>Gets who picks the period.</summary>
    [Option("Who picks the period: Fixed stays at MinMs; EventRate and ErrorControlled adapt; Policy leaves it to the decision itself; Learned asks a trained network.")]
    public PeriodPolicy Policy { get; init; } = PeriodPolicy.Fixed;

    /// <summary>Gets the shortest period.</summary>
    [Option("Shortest period.", Min = 0.125, Max = 1000)]
    public double MinMs { get; init; } = 1;

    /// <summary>Gets the longest period.</summary>
    [Option("Longest period: MinMs times 1, 2, 4 … 32768.", Min = 0.125, Max = 10_000)]
    public double MaxMs { get; init; } = 32;

    /// <summary>Gets the fixed period.</summary>
    [Option("Under Fixed: the period, MinMs times 1, 2, 4 …, which safety may shorten down to MinMs; 0 = always MinMs.", Min = 0, Max = 10_000)]
    public double FixedMs { get; init; }

    /// <summary>Gets how many events a cycle should see.</summary>
    [Option("Under EventRate: events a cycle should see.", Min = 1, Max = 10_000_000)]
    public double TargetEvents { get; init; } = 1000;

    /// <summary>Gets the trained pacer.</summary>
    [Option("Under Learned: the trained pacer, by the name of one that ships or as a file (NAME.policy.json); it must have been trained for these periods.", IsModel = true)]
    public string Pacer { get; init; } = "pacer";

    /// <summary>Gets how many votes for a longer period must come in a row.</summary>
    [Option("Votes in a row before the period grows by one step; 0 = it grows at once, as far as was asked for.", Min = 0, Max = 10_000)]
    public int GrowDwellCycles { get; init; } = 8;
}

/// <summary>Who picks the period.</summary>
public enum PeriodPolicy
{
    /// <summary>Always the shortest.</summary>
    Fixed,

    /// <summary>So that a cycle sees a certain number of events.</summary>
    EventRate,

    /// <summary>So that the local error of a control step stays within its tolerance.</summary>
    ErrorControlled,

    /// <summary>The decision's own proposal.</summary>
    Policy,

    /// <summary>What a trained network chooses after each cycle.</summary>
    Learned,
}
