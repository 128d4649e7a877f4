using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Adds up what another configuration would have done with the same inputs.</summary>
/// <remarks>Open loop: the sensors do not react to the other actions, so behind the first changed action only differences of the decisions themselves mean
/// anything. A closed comparison is a matter of the simulation.</remarks>
internal sealed class Counterfactual(LoopDescription recorded, PeriodGrid grid)
{
    private readonly PeriodGrid _recordedGrid = recorded.Grid;
    private double _linear, _angular, _recordedPeriod, _period;

    /// <summary>Gets the cycles compared.</summary>
    public long Cycles { get; private set; }

    /// <summary>Gets the first cycle whose action differs; null = none does.</summary>
    public ulong? FirstAction { get; private set; }

    /// <summary>Gets the cycles with another action.</summary>
    public long Actions { get; private set; }

    /// <summary>Gets the cycles with another period.</summary>
    public long Periods { get; private set; }

    /// <summary>Gets the cycles on another rung.</summary>
    public long Rungs { get; private set; }

    /// <summary>Gets the greatest difference of speed, metres per second.</summary>
    public double MaxLinear { get; private set; }

    /// <summary>Gets the greatest difference of turn rate, radians per second.</summary>
    public double MaxAngular { get; private set; }

    /// <summary>Gets the root mean square of the difference of speed.</summary>
    public double RmsLinear => Cycles == 0 ? 0 : Math.Sqrt(_linear / Cycles);

    /// <summary>Gets the root mean square of the difference of turn rate.</summary>
    public double RmsAngular => Cycles == 0 ? 0 : Math.Sqrt(_angular / Cycles);

    /// <summary>Gets the mean recorded period in milliseconds.</summary>
    public double RecordedPeriodMs => Cycles == 0 ? 0 : _recordedPeriod / Cycles;

    /// <summary>Gets the mean period that would have been chosen, in milliseconds.</summary>
    public double PeriodMs => Cycles == 0 ? 0 : _period / Cycles;

    /// <summary>Adds one cycle.</summary>
    public void Add(in CycleRecord was, in CycleRecord would)
    {
        Cycles++;
        var (a, b) = (was.Section<Twist2>(SectionKind.Applied), would.Section<Twist2>(SectionKind.Applied));
        double linear = Math.Abs(a.Linear - b.Linear), angular = Math.Abs(a.Angular - b.Angular);
        if (a != b)
        {
            Actions++;
            FirstAction ??= was.CycleId;
        }
        MaxLinear = Math.Max(MaxLinear, linear);
        MaxAngular = Math.Max(MaxAngular, angular);
        _linear += linear * linear;
        _angular += angular * angular;
        double recordedMs = Period(_recordedGrid, was.PeriodIndex), ms = Period(grid, would.PeriodIndex);
        _recordedPeriod += recordedMs;
        _period += ms;
        if (recordedMs != ms) Periods++;
        if (was.Rung != would.Rung) Rungs++;
    }

    private static double Period(PeriodGrid grid, byte index) => index < grid.Count ? grid[index].Milliseconds : double.NaN;
}
