using System.Buffers;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Sends in a robot's name: numbers every message of a topic and counts what goes out.</summary>
internal sealed class FleetVoice : IDisposable
{
    private readonly Dictionary<string, OwnStream> _streams = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly IMqttLink _link;
    private ulong _floor;

    public FleetVoice(IMqttLink link, FleetPresence presence)
    {
        (_link, Presence) = (link, presence);
        _json = new Utf8JsonWriter(_bytes);
    }

    public FleetPresence Presence { get; }

    public long Sent { get; private set; }

    public long NotSent { get; private set; }

    public OwnStream Stream(string below)
    {
        if (!_streams.TryGetValue(below, out var stream)) _streams.Add(below, stream = new OwnStream(Presence.Topics.Own(below)) { Sequence = _floor });
        return stream;
    }

    public OwnStream TaskStream(string kind, string task)
    {
        // Many tasks come and go; their topics are made anew rather than kept for ever. Numbers must not start over within an incarnation.
        if (_streams.Count > 4096) Prune();
        return Stream($"{kind}/{task}");
    }

    public FleetEnvelope Next(OwnStream stream) => new(Presence.Incarnation, ++stream.Sequence, 0, Presence.WallNs());

    public Utf8JsonWriter Json()
    {
        _bytes.ResetWrittenCount();
        _json.Reset();
        return _json;
    }

    public void SendJson(LinkTopic topic, in PublishOptions options)
    {
        _json.Flush();
        Send(topic, _bytes.WrittenSpan, options);
    }

    public void Send(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options)
    {
        if (_link.Post(topic, payload, options) == PublishOutcome.Dropped) NotSent++;
        else Sent++;
    }

    // The writer holds no resource: its bytes are ours.
    public void Dispose() => _json.Dispose();

    private void Prune()
    {
        ulong highest = 0;
        foreach (var stream in _streams.Values) highest = Math.Max(highest, stream.Sequence);
        _streams.Clear();
        _floor = highest;
    }

    internal sealed class OwnStream(LinkTopic topic)
    {
        public LinkTopic Topic { get; } = topic;

        public ulong Sequence { get; set; }
    }
}
