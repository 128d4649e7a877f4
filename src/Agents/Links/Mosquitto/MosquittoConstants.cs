namespace EdgeAutonomy.Agents;

/// <summary>Numbers of mosquitto.h and mqtt_protocol.h that the adapter uses.</summary>
internal static class MosquittoConstants
{
    // mosq_opt_t
    public const int OptionProtocol = 1, OptionReceiveMaximum = 4, OptionSendMaximum = 5, OptionNoDelay = 11;

    // mosq_err_t
    public const int Success = 0, InvalidArgument = 3, NoConnection = 4, ConnectionLost = 7, Tls = 8, Errno = 14, NameLookup = 15, KeepAlive = 19, TlsHandshake = 23;

    // Property identifiers (MQTT 5, 2.2.2.2).
    public const int MessageExpiry = 2, CorrelationData = 9, SessionExpiry = 17, ServerKeepAlive = 19, WillDelay = 24, ReceiveMaximum = 33,
        MaximumQos = 36, RetainAvailable = 37, MaximumPacketSize = 39, WildcardAvailable = 40, SharedAvailable = 42;

    // Subscription options (3.8.3.1).
    public const int NoLocal = 0x04, RetainIfNew = 0x10;

    // CONNACK flags (3.2.2.1).
    public const int SessionPresent = 1;

    public const int LogWarning = 4, LogError = 8;
}
