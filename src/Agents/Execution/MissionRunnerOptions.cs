namespace EdgeAutonomy.Agents;

/// <summary>The pace of a mission.</summary>
public sealed class MissionRunnerOptions
{
    /// <summary>Gets the shortest time from one decision to the next; default 1 s, at least 0. A world made of text takes 0.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long the body may take for one command; default 5 min, more than 0.</summary>
    public TimeSpan StepLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets after how many safe stops in a row the mission ends; default 3, at least 1.</summary>
    public int MaxSafeStops { get; init; } = 3;

    internal void Validate()
    {
        if (Period < TimeSpan.Zero) throw new ArgumentException($"Mission runner: Period is {Period}; must not be negative.");
        if (StepLimit <= TimeSpan.Zero) throw new ArgumentException($"Mission runner: StepLimit is {StepLimit}; must be more than 0.");
        if (MaxSafeStops < 1) throw new ArgumentException($"Mission runner: MaxSafeStops is {MaxSafeStops}; must be at least 1.");
    }
}
