namespace EdgeAutonomy.Agents;

/// <summary>Takes messages from a <see cref="LinkOutbox"/> to a broker, over one connection. For adapters.</summary>
public interface ILinkSender
{
    /// <summary>Hands one message to the connection. Called under the outbox's lock, so it must return at once and must not wait for the network.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payload">What; not valid after the call.</param>
    /// <param name="options">How; the expiry is what is left of it.</param>
    /// <param name="qos">The quality, 0 or 1: that of the class, lowered where the broker allows less.</param>
    /// <param name="id">What <see cref="LinkOutbox.Settle"/> will be told when the message is acknowledged (quality 1) or with the kernel (quality 0).</param>
    SendOutcome Send(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, int qos, out int id);
}

/// <summary>What a connection did with a message.</summary>
public enum SendOutcome : byte
{
    /// <summary>It is on its way.</summary>
    Taken,

    /// <summary>The connection is gone; the message was not taken.</summary>
    Gone,

    /// <summary>The connection cannot send this message, now or later.</summary>
    Impossible,
}
