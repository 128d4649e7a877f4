namespace EdgeAutonomy.Agents;

/// <summary>One attempt to be connected, from its making to its end; a <see cref="SupervisedLink"/> makes a new one for every attempt. For adapters.</summary>
/// <remarks>What a library would do by itself between two connections (reconnect, queue, repeat an old will) it cannot do, because nothing of it survives.</remarks>
public abstract class LinkConnection : ILinkSender
{
    private readonly TaskCompletionSource<LinkFailure> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Gets what the broker allows. Set before <see cref="ConnectAsync"/> ends well.</summary>
    public LinkLimits Limits { get; protected set; }

    /// <summary>Gets whether the broker still knew the session. Set before <see cref="ConnectAsync"/> ends well.</summary>
    public bool SessionPresent { get; protected set; }

    /// <summary>Gets a task that ends when the connection is lost, or did not come up.</summary>
    public Task<LinkFailure> Lost => _lost.Task;

    /// <summary>Connects and waits for the broker's word.</summary>
    /// <param name="limit">The longest it may take, for the network and for the broker each.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <returns>Null when connected, else why not.</returns>
    public abstract Task<LinkFailure?> ConnectAsync(TimeSpan limit, CancellationToken cancel);

    /// <summary>Sends a subscription; the answer goes to <see cref="LinkSubscriptions.Answered"/>. Never waits.</summary>
    /// <param name="filter">Which topics.</param>
    /// <param name="options">How.</param>
    /// <param name="renewed">Whether it was subscribed in an earlier connection: then kept messages come only if the broker has forgotten it.</param>
    /// <param name="id">What the answer will be told by.</param>
    /// <returns>Whether it is on its way.</returns>
    public abstract bool TrySubscribe(LinkFilter filter, in SubscribeOptions options, bool renewed, out int id);

    /// <summary>Ends a subscription. Never waits.</summary>
    /// <param name="filter">As subscribed.</param>
    public abstract void Unsubscribe(LinkFilter filter);

    /// <inheritdoc/>
    public abstract SendOutcome Send(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, int qos, out int id);

    /// <summary>Ends the connection and frees all that belongs to it; at once, or in the background where a library hangs.</summary>
    /// <param name="graceful">True: the broker is told, and sends no will. False: as if the cable were cut.</param>
    public abstract Task CloseAsync(bool graceful);

    /// <summary>Notes that the connection is lost; the first reason counts.</summary>
    /// <param name="failure">Why.</param>
    protected void Lose(LinkFailure failure) => _lost.TrySetResult(failure);
}
