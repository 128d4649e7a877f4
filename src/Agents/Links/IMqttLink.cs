namespace EdgeAutonomy.Agents;

/// <summary>One connection to an MQTT broker, or to the in-memory hub that stands for one.</summary>
/// <remarks>
/// <para>Adapters: <c>MosquittoLink</c> (libmosquitto), <c>MqttNetLink</c> (MQTTnet, where its package is present), <c>MemoryLink</c>. One suite of tests runs against all.</para>
/// <para><b>Nothing here waits for the network on the caller's thread.</b> <see cref="Post"/> copies and returns; what arrives is copied into <see cref="Inbox"/>
/// by the adapter's own thread and taken out by its one reader. The link connects and reconnects by itself, with jitter; after every
/// <see cref="LinkState.Up"/> it first renews the subscriptions that the broker has forgotten, then sends <see cref="LinkOptions.Birth"/>, then the
/// latest payload of every topic posted as <see cref="PublishClass.State"/>.</para>
/// <para>A broker promises little (docs/fleet.md): messages may be lost, doubled or old. Whoever needs more numbers its messages.</para>
/// </remarks>
public interface IMqttLink : IAsyncDisposable
{
    /// <summary>Gets how the link stands. Any thread.</summary>
    LinkStatus Status { get; }

    /// <summary>Gets what the broker allows; as read from the last connection. Any thread.</summary>
    LinkLimits Limits { get; }

    /// <summary>Gets what was sent, received and dropped so far. Any thread.</summary>
    LinkCounters Counters { get; }

    /// <summary>Gets what arrived.</summary>
    LinkInbox Inbox { get; }

    /// <summary>Connects, and keeps connected until <see cref="StopAsync"/>.</summary>
    /// <returns>Ends when the link is up for the first time, or refused for a reason that trying again does not mend soon (wrong credentials, wrong certificate);
    /// the link goes on trying, slowly, in that case too.</returns>
    /// <param name="cancel">Stops waiting, not the link.</param>
    Task<LinkStatus> StartAsync(CancellationToken cancel = default);

    /// <summary>Subscribes; remembered, and renewed by the link whenever the broker has forgotten it. Never waits. Any thread.</summary>
    /// <param name="filter">Which topics. Filters of one link must not overlap: brokers deliver once per matching filter.</param>
    /// <param name="options">How.</param>
    void Subscribe(LinkFilter filter, in SubscribeOptions options);

    /// <summary>Ends a subscription. Messages on their way may still arrive. Never waits. Any thread.</summary>
    /// <param name="filter">As subscribed.</param>
    void Unsubscribe(LinkFilter filter);

    /// <summary>Hands a message over and returns at once. Any thread; 0 bytes allocated in steady state.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payload">What; copied.</param>
    /// <param name="options">How.</param>
    /// <returns><see cref="PublishOutcome.Sent"/> when it is on its way or waits for the connection, else why it was dropped. Acknowledgements are counted in <see cref="Counters"/>.</returns>
    PublishOutcome Post(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options);

    /// <summary>Hands a message over and waits for the broker's word.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="payload">What; copied.</param>
    /// <param name="options">How; quality 0 has no acknowledgement and ends with <see cref="PublishOutcome.Sent"/>.</param>
    /// <param name="cancel">Gives up waiting; the outcome is <see cref="PublishOutcome.Unknown"/> then.</param>
    ValueTask<PublishResult> PublishAsync(LinkTopic topic, ReadOnlyMemory<byte> payload, PublishOptions options, CancellationToken cancel = default);

    /// <summary>Ends the link.</summary>
    /// <param name="graceful">True: <see cref="LinkOptions.Farewell"/> is sent and acknowledged, then the broker is told and sends no will. False: as if the cable were cut.</param>
    Task StopAsync(bool graceful);
}
