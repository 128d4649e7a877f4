namespace EdgeAutonomy.Agents;

/// <summary>How paths are planned in windows.</summary>
public sealed record PlannerOptions
{
    /// <summary>Gets the length of a time step; default 0.5 s.</summary>
    public Duration Step { get; init; } = Duration.FromSeconds(0.5);

    /// <summary>Gets how many steps a window has; default 32.</summary>
    public int WindowSteps { get; init; } = 32;

    /// <summary>Gets what must lie between the borders of two robots, metres; default 0.1.</summary>
    public double Clearance { get; init; } = 0.1;

    /// <summary>Gets how fast a robot strays from a plan that is not renewed, m/s; default 0.05.</summary>
    public double StrayRate { get; init; } = 0.05;

    /// <summary>Gets how many states one search may open before it counts as failed; default 200,000.</summary>
    public int MaxExpansions { get; init; } = 200_000;

    /// <summary>Gets after how many windows without progress a robot goes first; default 3.</summary>
    public int RotateAfter { get; init; } = 3;

    /// <summary>Gets after how many windows in which nobody came nearer to a goal the rest is reported as a deadlock; default 10.</summary>
    public int DeadlockAfter { get; init; } = 10;

    /// <summary>Gets which conflicts are avoided; only tests leave some out, to show that they matter.</summary>
    internal ConflictKinds Avoided { get; init; } = ConflictKinds.All;

    /// <summary>Returns by how much a robot's disc is widened for what is not known about when and where it drives its plan, metres.</summary>
    /// <param name="speed">Its speed, m/s.</param>
    /// <param name="clockError">By how much its clock may be off.</param>
    /// <param name="age">How old the plan is.</param>
    /// <param name="sigma">Standard deviation of its position, metres.</param>
    public double Inflation(double speed, Duration clockError, Duration age, double sigma) => speed * Math.Abs(clockError.Seconds) + StrayRate * Math.Max(0, age.Seconds) + 3 * sigma;

    internal string? Fault() =>
        Step.Nanoseconds <= 0 ? $"Planner: Step is {Step}; must be positive."
        : WindowSteps is < 1 or > 4096 ? $"Planner: WindowSteps is {WindowSteps}; must be in [1, 4096]."
        : !(Clearance >= 0 && double.IsFinite(Clearance)) ? $"Planner: Clearance is {Clearance}; must not be negative."
        : MaxExpansions < 1 || RotateAfter < 1 || DeadlockAfter < 1 ? $"Planner: MaxExpansions {MaxExpansions}, RotateAfter {RotateAfter}, DeadlockAfter {DeadlockAfter}; must be positive."
        : null;
}
