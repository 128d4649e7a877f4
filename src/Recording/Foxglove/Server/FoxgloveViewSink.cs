using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Puts the messages of <see cref="ViewChannels"/> on a live server.</summary>
/// <param name="server">The server.</param>
public sealed class FoxgloveViewSink(FoxgloveServer server) : IViewSink
{
    private readonly List<uint> _ids = [];

    /// <inheritdoc/>
    public void Open(ViewChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if (channel.Id != _ids.Count)
            throw new ArgumentException($"View channel '{channel.Topic}' has id {channel.Id}, expected {_ids.Count}; use one {nameof(FoxgloveViewSink)} with one {nameof(ViewChannels)}.", nameof(channel));
        _ids.Add(server.AddChannel(channel.Topic, channel.Schema, channel.IsImage));
    }

    /// <inheritdoc/>
    public bool Wants(int channel) => server.HasSubscribers(_ids[channel]);

    /// <inheritdoc/>
    public void Write(int channel, Stamp time, ReadOnlySpan<byte> data) => server.Publish(_ids[channel], time, data);
}
