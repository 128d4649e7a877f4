namespace EdgeAutonomy.Recording;

/// <summary>Writes the view channels of a recording: what Foxglove and the like can show.</summary>
internal sealed class RecordingViews
{
    private readonly ViewConsumer _views;
    private RecordingChannels? _file;

    public RecordingViews(IReadOnlyList<RecordLane> lanes, double hz) => _views = new ViewConsumer(lanes, hz, Show);

    public void Attach(RecordingChannels file) => _file = file;

    public void OnRecord(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record) => _views.OnRecord(lane, kind, record);

    public void OnLog(in LogLine line) => _ = line;

    private void Show(LiveView view) => _ = (view, _file);
}
