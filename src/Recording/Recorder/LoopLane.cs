using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>The sink through which a loop's cycles and keyframes reach the recorder and the live view.</summary>
/// <remarks>Everything here runs on the loop thread: one copy of the cycle into a reused buffer, one into the queue. No lock, no wait, no allocation once the
/// buffers have grown to the longest record.</remarks>
/// <typeparam name="TSample">The loop's sample.</typeparam>
/// <typeparam name="TPercept">The loop's percept.</typeparam>
/// <typeparam name="TAction">The loop's action.</typeparam>
public sealed class LoopLane<TSample, TPercept, TAction> : RecordLane, IKeyframeSink
    where TAction : unmanaged
{
    private readonly LaneOptions _options;
    private int _sinceKeyframe;
    private bool _wanted;

    /// <summary>Makes a lane.</summary>
    /// <param name="loop">What must be known of the loop.</param>
    /// <param name="options">How it hands cycles over.</param>
    public LoopLane(LoopDescription loop, LaneOptions options) : base(loop.Name, options, 1 << 20) // more than a busy cycle takes, so that it hardly ever grows
    {
        Loop = loop;
        _options = options;
    }

    /// <inheritdoc/>
    public override LoopDescription Loop { get; }

    /// <inheritdoc/>
    public void OnCycle(Cycle cycle)
    {
        var typed = (TypedCycle<TSample, TPercept, TAction>)cycle;
        CycleRecordWriter.Write(typed, _options.Clock, Buffer);
        // Behind a gap nothing can be replayed until the next keyframe, so one is due at once.
        if (!EmitCycle(cycle.Id, cycle.Tag)) _wanted = true;
        _sinceKeyframe++;
    }

    /// <inheritdoc/>
    public bool WantsKeyframe(Cycle cycle) => _options.KeyframeCycles > 0 && IsOpen && (_wanted || _sinceKeyframe + 1 >= _options.KeyframeCycles || KeyframeRequested);

    /// <inheritdoc/>
    public void OnKeyframe(IControlLoop loop, ulong nextCycle, Stamp tag)
    {
        // In front of a gap that is not closed yet a keyframe would stand on its wrong side; it stays wanted.
        if (_options.KeyframeCycles == 0 || IsInGap || !IsOpen) return;
        Buffer.Reset();
        Keyframe.Write(loop, nextCycle, tag, Buffer);
        KeyframeRequested = false;
        _sinceKeyframe = 0;
        _wanted = !Emit(RecordKind.Keyframe);
    }
}
