using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Takes encoded view messages: a recorder or a live server.</summary>
/// <remarks>Called on the thread that encodes.</remarks>
public interface IViewSink
{
    /// <summary>Announces a channel, once and before its first message.</summary>
    void Open(ViewChannel channel);

    /// <summary>Tells whether anybody wants messages of a channel; what nobody wants is not encoded.</summary>
    /// <param name="channel">The <see cref="ViewChannel.Id"/>.</param>
    bool Wants(int channel) => true;

    /// <summary>Takes one message.</summary>
    /// <param name="channel">The <see cref="ViewChannel.Id"/>.</param>
    /// <param name="time">The message's logical time.</param>
    /// <param name="data">The bytes, valid only during the call.</param>
    void Write(int channel, Stamp time, ReadOnlySpan<byte> data);
}
