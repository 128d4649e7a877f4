using EdgeAutonomy.Runtime;

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
    [Option("When a call takes longer: Warn counts it, Skip leaves the next call out, Safe sends the safe command while it lasts, Stop latches a safe stop.")]
    public OnMiss OnMiss { get; init; } = OnMiss.Warn;

    /// <summary>Gets how many calls in a row may take over twice the budget before the stage counts as failed.</summary>
    [Option("Calls in a row over twice the budget before the stage counts as failed; 0 = any number.", Min = 0, Max = 1_000_000)]
    public int BudgetKillCount { get; init; }
}
