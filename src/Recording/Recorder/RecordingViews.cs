using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Writes the view channels of a recording: what Foxglove and the like can show.</summary>
internal sealed class RecordingViews : IViewSink
{
    private readonly IReadOnlyList<string> _loops;
    private readonly ViewConsumer _views;
    private readonly List<ushort> _ids = [];
    private ViewChannels _channels = new();
    private McapWriter? _file;

    public RecordingViews(IReadOnlyList<RecordLane> lanes, double hz)
    {
        _loops = [.. lanes.Where(l => l.Loop is not null).Select(l => l.Name)];
        _views = new ViewConsumer(lanes, hz, view => _channels.Encode(view, this));
    }

    /// <summary>Goes on in another file, which gets every channel at its beginning.</summary>
    public void Attach(McapWriter file)
    {
        _file = file;
        _ids.Clear();
        _channels = new ViewChannels();
        _channels.Announce(_loops, this);
    }

    public void OnRecord(RecordLane lane, RecordKind kind, ReadOnlySpan<byte> record) => _views.OnRecord(lane, kind, record);

    public void OnLog(in LogLine line) => _channels.Log(line.Time, line.Level, line.Source, line.Text, this);

    public void Open(ViewChannel channel)
    {
        ushort schema = _file!.AddSchema(channel.Schema.Name, channel.Schema.Encoding, channel.Schema.Data.Span);
        while (_ids.Count <= channel.Id) _ids.Add(0);
        _ids[channel.Id] = _file.AddChannel(channel.Topic, channel.Encoding, schema);
    }

    public void Write(int channel, Stamp time, ReadOnlySpan<byte> data) => _file!.Write(_ids[channel], 0, time.Nanoseconds, time.Nanoseconds, data);
}
