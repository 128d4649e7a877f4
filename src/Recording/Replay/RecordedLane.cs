namespace EdgeAutonomy.Recording;

/// <summary>Stands for a loop whose records come from a file, where a consumer wants to know which lane they came from.</summary>
public sealed class RecordedLane : RecordLane
{
    /// <summary>Makes a lane that nothing is written to.</summary>
    /// <param name="loop">The recorded loop.</param>
    public RecordedLane(LoopDescription loop) : base(loop.Name, new LaneOptions { RingBytes = 64 }, 0) => Loop = loop;

    /// <inheritdoc/>
    public override LoopDescription Loop { get; }
}
