namespace EdgeAutonomy.MqttNet;

/// <summary>A link over MQTTnet, a managed client library; MQTT 5.</summary>
/// <remarks>
/// For machines without libmosquitto. It shares everything but the connection with <see cref="MosquittoLink"/>; every message costs about 2 KB of managed memory at
/// quality 0 and 4 KB at quality 1, which the library allocates.
/// </remarks>
/// <param name="options">How it connects.</param>
/// <param name="time">The clock; null = the system's.</param>
/// <exception cref="ArgumentException">An option breaks a rule.</exception>
public sealed class MqttNetLink(LinkOptions options, TimeProvider? time = null) : SupervisedLink(options, time)
{
    /// <summary>Gets what makes such links.</summary>
    public static ILinkFactory Factory { get; } = new MqttNetFactory();

    /// <inheritdoc/>
    protected override LinkConnection CreateConnection(WillMessage? will) => new MqttNetConnection(Options, will, Outbox, Receiver, Subscriptions);

    private sealed class MqttNetFactory : ILinkFactory
    {
        public string Name => "mqttnet";

        public string? Unavailable => null;

        public IMqttLink Create(LinkOptions options) => new MqttNetLink(options);
    }
}
