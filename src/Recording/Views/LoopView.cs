using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>What a person sees of one loop at one instant: on the live page, in Foxglove, in the terminal, in the view channels of a recording.</summary>
/// <remarks>Decoded from cycle records off the loop thread, live or from a file. A finished snapshot: whoever gets one may keep it and must not change it.</remarks>
public sealed class LoopView
{
    /// <summary>Gets the loop's name; of a fleet, the robot's.</summary>
    public required string Loop { get; init; }

    /// <summary>Gets the names of the stages: sense, each perceiver, decide, act.</summary>
    public required IReadOnlyList<string> StageNames { get; init; }

    /// <summary>Gets the status of each stage in the newest cycle.</summary>
    public required IReadOnlyList<StageStatus> Statuses { get; init; }

    /// <summary>Gets the number of the newest cycle.</summary>
    public ulong CycleId { get; init; }

    /// <summary>Gets the logical time of the newest cycle.</summary>
    public Stamp Tag { get; init; }

    /// <summary>Gets the period chosen for the next cycle.</summary>
    public Duration Period { get; init; }

    /// <summary>Gets why.</summary>
    public PeriodReason PeriodReason { get; init; }

    /// <summary>Gets the health rung.</summary>
    public Rung Rung { get; init; }

    /// <summary>Gets why the rung last changed.</summary>
    public RungReason RungReason { get; init; }

    /// <summary>Gets what was special about the newest cycle.</summary>
    public CycleFlags Flags { get; init; }

    /// <summary>Gets how far the sensing is trusted, in [0, 1].</summary>
    public float Trust { get; init; }

    /// <summary>Gets the share of the field that was sensed, in [0, 1].</summary>
    public float Coverage { get; init; }

    /// <summary>Gets the robot's own idea of where it is; null when the loop has none.</summary>
    public Odometry? Odometry { get; init; }

    /// <summary>Gets the goal; null when the loop has none.</summary>
    public Goal? Goal { get; init; }

    /// <summary>Gets the newest estimates by sector; empty when the loop has none.</summary>
    public IReadOnlyList<SectorEstimate> Sectors { get; init; } = [];

    /// <summary>Gets the newest boxes around moving things, in pixels.</summary>
    public IReadOnlyList<PixelBox> Boxes { get; init; } = [];

    /// <summary>Gets the newest range scan; null when the loop has none.</summary>
    public RangeScan? Scan { get; init; }

    /// <summary>Gets what the event camera saw since the last view; null when the loop has none.</summary>
    public EventImage? Image { get; init; }

    /// <summary>Gets the command that left the guard.</summary>
    public Twist2 Action { get; init; }

    /// <summary>Gets the events per second of the last second.</summary>
    public double EventsPerSecond { get; init; }

    /// <summary>Gets the cycles per second of the last second.</summary>
    public double CyclesPerSecond { get; init; }

    /// <summary>Gets the energy since the start, in joule.</summary>
    public double EnergyJoules { get; init; }

    /// <summary>Gets the mean power of the last second, in watt.</summary>
    public double PowerWatt { get; init; }

    /// <summary>Gets the cycles that missed a deadline since the start.</summary>
    public long Misses { get; init; }

    /// <summary>Gets the cycles in which a stage failed since the start.</summary>
    public long Failures { get; init; }

    /// <summary>Gets the latencies: one row per stage, then "end to end".</summary>
    public IReadOnlyList<StageLatency> Latencies { get; init; } = [];

    /// <summary>Gets what was dropped since the start, by the name of the queue: sensor, recorder, view …</summary>
    public IReadOnlyDictionary<string, long> Dropped { get; init; } = new Dictionary<string, long>();
}
