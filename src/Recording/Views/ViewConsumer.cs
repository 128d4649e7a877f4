using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Turns records into views at a fixed rate of logical time and hands them on.</summary>
/// <remarks>Recorder's thread, or the thread that reads a file. A view is made whenever a record crosses the next instant of the rate, so the same records
/// give the same views.</remarks>
public sealed class ViewConsumer : IRecordConsumer
{
    private readonly Duration _interval;
    private readonly Action<LiveView> _show;
    private readonly Action<LogLine>? _log;
    private readonly List<(RecordLane Lane, LoopViewBuilder Builder)> _loops;
    private MapView _map = MapView.None;
    private byte[] _agent = [];
    private byte[] _fleet = [];
    private long _slot = long.MinValue;

    /// <summary>Makes a consumer.</summary>
    /// <param name="lanes">The lanes whose loops are shown, in this order.</param>
    /// <param name="maxHz">Views per second of logical time.</param>
    /// <param name="show">Told of every view.</param>
    /// <param name="log">Told of every sentence; null = nobody is.</param>
    public ViewConsumer(IEnumerable<RecordLane> lanes, double maxHz, Action<LiveView> show, Action<LogLine>? log = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxHz);
        _interval = Duration.FromSeconds(1 / maxHz);
        _show = show;
        _log = log;
        _loops = [.. lanes.Where(l => l.Loop is not null).Select(l => (l, new LoopViewBuilder(l.Loop!)))];
    }

    /// <inheritdoc/>
    public void OnRecord(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record)
    {
        switch (kind)
        {
            case RecordKind.Map: _map = MapLane.Read(record).Map; break;
            case RecordKind.Json:
                JsonLane.Read(record, out var json);
                if (lane.Name == RecordedTopic.Fleet[1..]) _fleet = json.ToArray();
                else _agent = json.ToArray();
                break;
            case RecordKind.Cycle: OnCycle(lane, record); break;
        }
    }

    /// <inheritdoc/>
    public void OnLog(in LogLine line) => _log?.Invoke(line);

    /// <inheritdoc/>
    public void OnPause()
    {
    }

    /// <inheritdoc/>
    public void OnEnd()
    {
    }

    private void OnCycle(RecordLane lane, ReadOnlySpan<byte> bytes)
    {
        foreach (var (of, builder) in _loops)
        {
            if (of != lane) continue;
            var record = CycleRecord.Parse(bytes);
            builder.Apply(record);
            long slot = record.Tag.Nanoseconds / _interval.Nanoseconds;
            if (slot <= _slot) return;
            _slot = slot;
            _show(new LiveView(record.Tag, [.. _loops.Select(l => l.Builder.Build(l.Lane.Ring.Dropped))], _map) { Agent = _agent, Fleet = _fleet });
            return;
        }
    }
}
