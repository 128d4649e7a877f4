namespace EdgeAutonomy.Runtime;

/// <summary>Limits of one stage.</summary>
public sealed record StageOptions
{
    /// <summary>Gets the options that set no limit.</summary>
    public static StageOptions Default { get; } = new();

    /// <summary>Gets the time one call may take; default no limit.</summary>
    public Duration Budget { get; init; } = Duration.Unlimited;

    /// <summary>Gets what happens when the budget is missed; default <see cref="OnMiss.Warn"/>.</summary>
    public OnMiss OnMiss { get; init; } = OnMiss.Warn;

    /// <summary>Gets how many calls in a row may take over twice the budget before the stage counts as failed; 0 = any number. Default 0.</summary>
    public int BudgetKillCount { get; init; }
}
