namespace EdgeAutonomy.Agents;

/// <summary>How a robot takes part in the planning of ways.</summary>
public sealed record PlanStreamOptions
{
    /// <summary>Gets the numbers of the planner; the same at every robot.</summary>
    public PlannerOptions Planner { get; init; } = new();

    /// <summary>Gets the robot's radius with its load, the error of its position and of its tracking, metres; default 0.35.</summary>
    public double Radius { get; init; } = 0.35;

    /// <summary>Gets the speed it keeps, m/s; default 0.5.</summary>
    public double Speed { get; init; } = 0.5;

    /// <summary>Gets how hard it brakes, m/s²; default 1. A new plan begins where it can still stop.</summary>
    public double Deceleration { get; init; } = 1;

    /// <summary>Gets how near to a node it counts as being there, metres; default 0.15. <see cref="Radius"/> contains it.</summary>
    public double Tolerance { get; init; } = 0.15;

    /// <summary>Gets how long before it wants to leave for a node it asks for it; default 2 s. Must cover the way of a question and its answer.</summary>
    public Duration Ahead { get; init; } = Duration.FromSeconds(2);

    /// <summary>Gets the shortest time between two of its messages; default 0.1 s.</summary>
    public Duration Gap { get; init; } = Duration.FromMilliseconds(100);

    /// <summary>Gets the longest; default 2 s.</summary>
    public Duration Repeat { get; init; } = Duration.FromSeconds(2);

    /// <summary>Gets by how much plans of others may be late when they arrive; default 0.2 s. Only the quality of plans depends on it.</summary>
    public Duration Delay { get; init; } = Duration.FromMilliseconds(200);

    /// <summary>Gets how long it listens after its start before it asks for anything; default 3 s.</summary>
    public Duration Settle { get; init; } = Duration.FromSeconds(3);

    /// <summary>Gets all robots that plan here; null (the default) = whoever is heard.</summary>
    /// <remarks>
    /// Null: a robot that is dead (<see cref="MemberState.Dead"/>) is an obstacle and is not asked any more. Two halves of a fleet that have lost each other for longer than that both drive on, each around the last claims of the other half.
    /// Set: nobody enters anything without the word of every one of them, however long that takes; what two robots claim is then disjoint under any loss of messages. <see cref="PlanStream.Forget"/> is the operator's word for one that is gone.
    /// </remarks>
    public IReadOnlyCollection<string>? Robots { get; init; }

    /// <summary>Gets the map that the graph is on; robots on others are no obstacles. Default 0.</summary>
    public ushort Map { get; init; }

    /// <summary>Gets whether nodes are entered without the others' word; only tests turn it on, to show that it matters.</summary>
    internal bool TakesUnasked { get; init; }

    /// <summary>Gets whether nobody's plan counts; only tests turn it on, to show that it matters.</summary>
    internal bool IgnoresPriority { get; init; }

    internal void Check()
    {
        if (Planner.Fault() is { } fault) throw new ArgumentException(fault);
        if (Planner.WindowSteps >= PlanWire.MaxVisits) throw new ArgumentException($"Plan stream: windows have {Planner.WindowSteps} steps; must be fewer than {PlanWire.MaxVisits}, or plans do not fit a message.");
        if (!(Radius is > 0 and < 1000) || !(Speed is > 0 and < 1000) || !(Deceleration is > 0 and < 1000) || !(Tolerance > 0 && Tolerance <= Radius))
            throw new ArgumentException($"Plan stream: radius {Radius} m, speed {Speed} m/s, deceleration {Deceleration} m/s², tolerance {Tolerance} m; must be positive and below 1000, the tolerance at most the radius.");
        if (Ahead.Nanoseconds < 0 || Gap.Nanoseconds <= 0 || Repeat < Gap || Delay.Nanoseconds < 0 || Settle.Nanoseconds < 0)
            throw new ArgumentException($"Plan stream: ahead {Ahead}, gap {Gap}, repeat {Repeat}, delay {Delay}, settle {Settle}; must be >= 0, > 0, >= gap, >= 0, >= 0.");
    }
}
