namespace EdgeAutonomy.Agents;

/// <summary>A link over libmosquitto, the client library of Eclipse Mosquitto; MQTT 5.</summary>
/// <remarks>
/// <para>The library is looked up at run time; where it is absent the link is <see cref="LinkState.Refused"/> with the name of the package, and nothing else breaks.
/// Every attempt to connect makes a new client, so that the will is fresh and nothing that the library queued in secret survives.</para>
/// <para>0 bytes of managed memory a message in steady state, both ways. What arrives is copied on the library's thread and read on the reader's.</para>
/// </remarks>
/// <param name="options">How it connects.</param>
/// <param name="time">The clock; null = the system's.</param>
/// <exception cref="ArgumentException">An option breaks a rule.</exception>
public sealed class MosquittoLink(LinkOptions options, TimeProvider? time = null) : SupervisedLink(options, time)
{
    /// <summary>Gets why libmosquitto cannot be used on this machine, one sentence with the remedy; null = it can.</summary>
    public static string? Unavailable => MosquittoLibrary.Instance is null ? MosquittoLibrary.Fault : null;

    /// <summary>Gets the library's version, such as 2.0.11; null where it is absent.</summary>
    public static Version? LibraryVersion => MosquittoLibrary.Instance is { Version: var v } ? new Version(v / 1_000_000, v / 1000 % 1000, v % 1000) : null;

    /// <summary>Gets what makes such links.</summary>
    public static ILinkFactory Factory { get; } = new MosquittoFactory();

    /// <inheritdoc/>
    protected override LinkConnection CreateConnection(WillMessage? will) => MosquittoLibrary.Instance is { } library
        ? new MosquittoConnection(library, Options, will, Outbox, Receiver, Subscriptions, Time)
        : new AbsentConnection(MosquittoLibrary.Fault);

    private sealed class MosquittoFactory : ILinkFactory
    {
        public string Name => "mosquitto";

        public string? Unavailable => MosquittoLink.Unavailable;

        public IMqttLink Create(LinkOptions options) => new MosquittoLink(options);
    }
}
