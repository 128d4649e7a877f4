namespace EdgeAutonomy.Host;

/// <summary>What every stage of a loop can be told; the type adds keys of its own.</summary>
public abstract class StageSection
{
    /// <summary>Gets which kind of stage it is.</summary>
    [Option("Which kind of stage; the kinds and their own keys stand below.", Required = true)]
    public string Type { get; init; } = "";

    /// <summary>Gets the time one call may take.</summary>
    [Option("Time one call may take; 0 = no limit.", Min = 0, Max = 1_000_000)]
    public double BudgetUs { get; init; }

    /// <summary>Gets what happens when it takes longer.</summary>
    [Option("When a call takes longer: Warn counts it, Skip leaves the next call out, Safe sends the safe command, Stop ends the loop.")]
    public MissPolicy OnMiss { get; init; } = MissPolicy.Warn;
}

/// <summary>What happens when a stage overruns its budget.</summary>
public enum MissPolicy
{
    /// <summary>Count it.</summary>
    Warn,

    /// <summary>Leave the stage's next call out.</summary>
    Skip,

    /// <summary>Send the safe command while the misses last.</summary>
    Safe,

    /// <summary>End the loop.</summary>
    Stop,
}
