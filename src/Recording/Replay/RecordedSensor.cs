using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Senses what the recorded sensor sensed.</summary>
/// <typeparam name="TSample">The sample; must be readable (<see cref="PayloadState"/>).</typeparam>
/// <param name="name">The recorded sensor's name, because random streams and keyframes go by names.</param>
/// <param name="feed">The recording.</param>
public sealed class RecordedSensor<TSample>(string name, ReplayFeed feed) : ISensor<TSample>
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public StageReplay Replay => StageReplay.FromLog;

    /// <inheritdoc/>
    public StageStatus Sense(in SensingRequest request, ref TSample sample, ref SensorReport report, in CycleContext context)
    {
        var record = feed.Record;
        report = record.Section<SensorReport>(SectionKind.Sensed);
        var status = record.Status(0);
        if (!status.HasOutput) return status;
        if (!record.TrySection(SectionKind.Sample, out var data)) throw new InvalidDataException($"Cycle {record.CycleId} has no sample though its sensor brought one; the recording was made without samples and cannot be replayed.");
        PayloadState.Thaw(ref sample, data);
        return status;
    }
}
