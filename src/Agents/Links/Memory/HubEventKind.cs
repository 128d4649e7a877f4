namespace EdgeAutonomy.Agents;

internal enum HubEventKind : byte
{
    // From a client to the hub, in order on one connection.
    Publish,
    Subscribe,
    Unsubscribe,
    Goodbye,
    DeliveryAck,

    // From the hub to a client.
    ConnectAck,
    Deliver,
    SubscribeRefused,
    PublishAck,

    // At the hub.
    ConnectAttempt,
    WillDue,
    SessionEnd,
    KeepAlive,

    // At a client.
    ConnectionLost,
    RetryDue,
    CommandDeadline,
    Timer,

    // The fault programme.
    FaultStart,
    FaultEnd,
    FaultCapture,
}
