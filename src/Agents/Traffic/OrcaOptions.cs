namespace EdgeAutonomy.Agents;

/// <summary>How a robot avoids others in the last metres.</summary>
public sealed record OrcaOptions
{
    /// <summary>Gets how far ahead collisions with other robots are avoided; default 3 s.</summary>
    public Duration Horizon { get; init; } = Duration.FromSeconds(3);

    /// <summary>Gets how far ahead collisions with walls are avoided; default 1.5 s.</summary>
    public Duration WallHorizon { get; init; } = Duration.FromSeconds(1.5);

    /// <summary>Gets the period of the calls: within it, robots that overlap already part again. Default 100 ms.</summary>
    public Duration Period { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>Gets the robot's greatest speed in m/s; default 1.</summary>
    public double MaxSpeed { get; init; } = 1;

    /// <summary>Gets the age of a neighbour's state from which on the whole avoidance is ours; default 200 ms.</summary>
    public Duration FullAvoidanceAge { get; init; } = Duration.FromMilliseconds(200);

    /// <summary>Gets the age from which on a neighbour is a disc that stands where it was last seen and grows; default 1 s.</summary>
    public Duration FrozenAge { get; init; } = Duration.FromSeconds(1);

    /// <summary>Gets the age at which that disc stops growing; default 3 s.</summary>
    public Duration GrowthEnd { get; init; } = Duration.FromSeconds(3);

    /// <summary>Gets the own greatest speed in m/s near such a disc; default 0.3.</summary>
    public double FrozenSpeed { get; init; } = 0.3;

    /// <summary>Gets the pull to the right as a share of the greatest speed, which parts robots that meet in perfect symmetry; default 0.001.</summary>
    public double RightBias { get; init; } = 1e-3;

    /// <summary>Gets the wheels; null = a robot that moves in every direction at once.</summary>
    public DifferentialDrive? Drive { get; init; }

    /// <summary>Gets whether discs grow with the age of what is known; only tests turn it off, to show that it matters.</summary>
    internal bool InflatesStale { get; init; } = true;

    /// <summary>Returns what is wrong, one sentence; null = nothing.</summary>
    internal string? Fault() =>
        Horizon.Nanoseconds <= 0 ? $"Orca: Horizon is {Horizon}; must be positive."
        : WallHorizon.Nanoseconds <= 0 ? $"Orca: WallHorizon is {WallHorizon}; must be positive."
        : Period.Nanoseconds <= 0 ? $"Orca: Period is {Period}; must be positive."
        : !(MaxSpeed > 0 && double.IsFinite(MaxSpeed)) ? $"Orca: MaxSpeed is {MaxSpeed}; must be positive."
        : !(FrozenSpeed >= 0 && double.IsFinite(FrozenSpeed)) ? $"Orca: FrozenSpeed is {FrozenSpeed}; must not be negative."
        : !(RightBias is >= 0 and <= 0.1) ? $"Orca: RightBias is {RightBias}; must be in [0, 0.1]."
        : FullAvoidanceAge > FrozenAge || FrozenAge > GrowthEnd ? $"Orca: ages are {FullAvoidanceAge}, {FrozenAge}, {GrowthEnd}; must not fall."
        : null;
}
