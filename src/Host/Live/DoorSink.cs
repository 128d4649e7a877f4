using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Puts each message, encoded once, on the server of every door.</summary>
internal sealed class DoorSink(FoxgloveDoor[] doors) : IViewSink
{
    private readonly FoxgloveViewSink[] _sinks = [.. doors.Select(d => new FoxgloveViewSink(d.Server))];

    /// <inheritdoc/>
    public void Open(ViewChannel channel)
    {
        foreach (var sink in _sinks) sink.Open(channel);
    }

    /// <inheritdoc/>
    public bool Wants(int channel)
    {
        foreach (var sink in _sinks)
        {
            if (sink.Wants(channel)) return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public void Write(int channel, Stamp time, ReadOnlySpan<byte> data)
    {
        foreach (var sink in _sinks) sink.Write(channel, time, data);
    }
}
