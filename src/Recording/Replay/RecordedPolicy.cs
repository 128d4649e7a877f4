using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Decides what the recorded policy decided: stands in for one that depends on an engine that is not the same everywhere.</summary>
/// <typeparam name="TPercept">What it would read.</typeparam>
/// <typeparam name="TAction">The action.</typeparam>
/// <param name="name">The recorded policy's name.</param>
/// <param name="stage">Its position in the loop.</param>
/// <param name="feed">The recording.</param>
public sealed class RecordedPolicy<TPercept, TAction>(string name, int stage, ReplayFeed feed) : IPolicy<TPercept, TAction>
    where TAction : unmanaged
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public StageReplay Replay => StageReplay.FromLog;

    /// <inheritdoc/>
    public StageStatus Decide(in TPercept percept, ref Decision<TAction> decision, in CycleContext context)
    {
        var record = feed.Record;
        if (!record.TrySection(SectionKind.Decision, out var data)) throw new InvalidDataException($"Cycle {record.CycleId} has no decision; the recording is damaged.");
        decision.Thaw(data);
        return record.Status(stage);
    }
}
