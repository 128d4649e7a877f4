using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Perceives what the recorded perception perceived: stands in for one that depends on an engine that is not the same everywhere.</summary>
/// <typeparam name="TSample">What it would read.</typeparam>
/// <typeparam name="TPercept">The percept.</typeparam>
/// <param name="name">The recorded perceiver's name.</param>
/// <param name="stage">Its position in the loop.</param>
/// <param name="feed">The recording.</param>
public sealed class RecordedPerceiver<TSample, TPercept>(string name, int stage, ReplayFeed feed) : IPerceiver<TSample, TPercept>
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public StageReplay Replay => StageReplay.FromLog;

    /// <inheritdoc/>
    public StageStatus Perceive(in TSample sample, ref TPercept percept, in CycleContext context)
    {
        var record = feed.Record;
        var status = record.Status(stage);
        if (!status.HasOutput) return status;
        if (!record.TrySection(SectionKind.Percept, out var data)) throw new InvalidDataException($"Cycle {record.CycleId} has no percept though perception brought one; the recording is damaged.");
        PayloadState.Thaw(ref percept, data);
        return status;
    }
}
