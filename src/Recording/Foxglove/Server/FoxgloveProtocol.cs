namespace EdgeAutonomy.Recording;

/// <summary>The names and numbers of the Foxglove WebSocket protocol, version 1.</summary>
/// <remarks>Source: <c>foxglove/ws-protocol</c> docs/spec.md and <c>foxglove/foxglove-sdk</c>; see docs/recording.md.</remarks>
public static class FoxgloveProtocol
{
    /// <summary>The subprotocol of Foxglove's SDK.</summary>
    public const string Sdk = "foxglove.sdk.v1";

    /// <summary>The older subprotocol; the messages are the same.</summary>
    public const string Legacy = "foxglove.websocket.v1";

    internal const byte MessageData = 1, Time = 2, ServiceCallResponse = 3, FetchAssetResponse = 4, PlaybackState = 5;

    internal const byte ClientMessageData = 1, ServiceCallRequest = 2, PlaybackControlRequest = 3;

    /// <summary>Bytes before the payload of a message: opcode, subscription, time.</summary>
    internal const int MessageHead = 13;

    /// <summary>Returns the subprotocol to answer an upgrade with; null = refuse it, with a sentence that names both.</summary>
    /// <param name="requested">What the client offers.</param>
    public static string? Choose(IList<string> requested)
    {
        ArgumentNullException.ThrowIfNull(requested);
        return requested.Contains(Sdk) ? Sdk : requested.Contains(Legacy) ? Legacy : null;
    }
}
