using EdgeAutonomy.Policies;

namespace EdgeAutonomy.Learning;

/// <summary>What a rover is trained or tested on: its worlds, its loop's periods and filter, and what an episode is. The defaults are those of training.</summary>
public sealed record RoverTask
{
    /// <summary>Gets the worlds; an episode's seed picks one. Default: rooms with walls, pillars and people twice, a corridor, a crowd, an empty room.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = ["default", "default", "corridor", "crowd", "crowd", "empty"];

    /// <summary>Gets the periods to choose from; default 4, 8 … 128 ms. The motor controller stops the wheels after 200 ms without a command.</summary>
    public PeriodGrid Grid { get; init; } = new(Duration.FromMilliseconds(4), 6);

    /// <summary>Gets the loop's filter on periods, which is part of the task; default: periods grow at once, as in the loops that a joint policy runs in.</summary>
    public GovernorOptions Governor { get; init; } = new() { GrowDwellCycles = 0, DegradedIndex = 0 };

    /// <summary>Gets body, limits and habits of the robot.</summary>
    public GoToGoalOptions Robot { get; init; } = new();

    /// <summary>Gets the rung that all decisions are held for, which leaves the motion alone to be chosen; −1 = period and motion are chosen together.</summary>
    public int FixedRung { get; init; } = -1;

    /// <summary>Gets whether the rules choose the motion and the learner the period alone: how a <see cref="LearnedPacer"/> is trained. Default false.</summary>
    public bool MotionByRules { get; init; }

    /// <summary>Gets by how much a command by rules must differ from the one in force, each number as a share of its limit, to replace it: an event trigger (send on delta). 0 = every decision is carried out. Default 0.</summary>
    public double TriggerChange { get; init; }

    /// <summary>Gets whether safety shortens the period of a fixed rung, as the loop's governor does; otherwise the period never changes, and only motions are allowed that can be answered for that long. Default true.</summary>
    public bool SafetyShrinks { get; init; } = true;

    /// <summary>Gets the time after which an episode is truncated, in seconds; above 0. Default 30.</summary>
    public double LimitSeconds { get; init; } = 30;

    /// <summary>Gets γ per second, in (0, 1]; default e^−0.201, which is 0.99 per 50 ms.</summary>
    public double DiscountPerSecond { get; init; } = 0.8179;

    /// <summary>Gets whether something that comes nearer than 0.1 m ends a period early, as a bump or proximity switch would.</summary>
    public bool Interrupts { get; init; } = true;

    /// <summary>Gets the rates of range scans in hertz; an episode's seed picks one. Default 250, where every look sees the present.</summary>
    public IReadOnlyList<double> ScanHz { get; init; } = [250];

    /// <summary>Gets what the motors' time constant is multiplied by; above 0. Default 1.</summary>
    public double MotorLagFactor { get; init; } = 1;

    /// <summary>Gets what the noise of ranges, wheels and gyroscope is multiplied by; not negative. Default 1.</summary>
    public double NoiseFactor { get; init; } = 1;

    /// <summary>Gets how many people more there are who do not stop for robots; 0 … 16. Default 0.</summary>
    public int MorePeople { get; init; }

    /// <summary>Gets whether each episode draws its own hardship, from none up to the three values above, by its seed; otherwise all have them in full. Default false.</summary>
    public bool Varies { get; init; }

    /// <summary>Gets the energy of one decision beside its sensing, in joules; not negative. Default 2.5 mJ: 5 W for half a millisecond.</summary>
    public double DecisionJoules { get; init; } = 2.5e-3;

    /// <summary>Gets the limit in ticks of 1 ms.</summary>
    internal int LimitTicks => (int)Math.Round(LimitSeconds * 1e3);

    /// <summary>Gets the rung that a motion must be safe for to be allowed at all.</summary>
    internal int LeastRung => FixedRung < 0 || SafetyShrinks ? 0 : FixedRung;

    /// <summary>Gets a text with everything that an episode depends on; part of the environment's name.</summary>
    public string Description => FormattableString.Invariant(
        $"{string.Join('+', Scenarios)} {Grid.Shortest.Nanoseconds}x{Grid.Count} dwell{Governor.GrowDwellCycles} share{Governor.ContactShare} rung{FixedRung} rules{MotionByRules} trigger{TriggerChange} shrinks{SafetyShrinks} limit{LimitSeconds} gamma{DiscountPerSecond} interrupts{Interrupts} scan{string.Join('+', ScanHz)} lag{MotorLagFactor} noise{NoiseFactor} people{MorePeople} varies{Varies} v{Robot.MaxSpeedMetrePerSecond} w{Robot.MaxTurnRateRadianPerSecond}");

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">One breaks a rule; the message names it, the value and the rule.</exception>
    public void Check()
    {
        Require(Scenarios.Count > 0, "Scenarios is empty; must name one world at least.");
        Require(ScanHz.Count > 0 && ScanHz.All(hz => hz is > 0 and <= 1000), "ScanHz must hold rates in (0, 1000].");
        Require(FixedRung >= -1 && FixedRung < Grid.Count, $"FixedRung is {FixedRung}; must be -1 or an index of {Grid.Count} periods.");
        Require(TriggerChange is >= 0 and <= 2, FormattableString.Invariant($"TriggerChange is {TriggerChange}; must be in [0, 2]."));
        Require(LimitSeconds is > 0 and <= 3600, FormattableString.Invariant($"LimitSeconds is {LimitSeconds}; must be in (0, 3600]."));
        Require(DiscountPerSecond is > 0 and <= 1, FormattableString.Invariant($"DiscountPerSecond is {DiscountPerSecond}; must be in (0, 1]."));
        Require(MotorLagFactor is > 0 and <= 100, FormattableString.Invariant($"MotorLagFactor is {MotorLagFactor}; must be in (0, 100]."));
        Require(NoiseFactor is >= 0 and <= 1000, FormattableString.Invariant($"NoiseFactor is {NoiseFactor}; must be in [0, 1000]."));
        Require(MorePeople is >= 0 and <= 16, $"MorePeople is {MorePeople}; must be in [0, 16].");
        Require(Grid.Shortest.Nanoseconds % 1_000_000 == 0, $"The shortest period is {Grid.Shortest.Microseconds} us; must be whole milliseconds, the world's tick.");
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new ArgumentException("Rover task: " + message);
    }
}
