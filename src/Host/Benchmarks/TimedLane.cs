using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Times what a lane does on the loop thread: one record, one keyframe.</summary>
internal sealed class TimedLane(RecordLane lane) : IKeyframeSink
{
    private readonly IKeyframeSink _sink = (IKeyframeSink)lane;
    private readonly MonotonicMeasure _clock = MonotonicMeasure.Instance;

    /// <summary>Gets the time of one record.</summary>
    public LatencyHistogram Records { get; } = new();

    /// <summary>Gets the time of one keyframe.</summary>
    public LatencyHistogram Keyframes { get; } = new();

    /// <inheritdoc/>
    public bool WantsKeyframe(Cycle cycle) => _sink.WantsKeyframe(cycle);

    /// <inheritdoc/>
    public void OnCycle(Cycle cycle)
    {
        long start = _clock.Now();
        _sink.OnCycle(cycle);
        Records.Record(_clock.Now() - start, cycle.Id);
    }

    /// <inheritdoc/>
    public void OnKeyframe(IControlLoop loop, ulong nextCycle, Stamp tag)
    {
        long start = _clock.Now();
        _sink.OnKeyframe(loop, nextCycle, tag);
        Keyframes.Record(_clock.Now() - start, nextCycle);
    }
}
