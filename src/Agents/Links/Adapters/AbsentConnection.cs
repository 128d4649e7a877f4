namespace EdgeAutonomy.Agents;

/// <summary>The connection of an adapter whose library is absent: it always fails, with the remedy.</summary>
/// <param name="reason">Why, one sentence.</param>
internal sealed class AbsentConnection(string reason) : LinkConnection
{
    public override Task<LinkFailure?> ConnectAsync(TimeSpan limit, CancellationToken cancel) => Task.FromResult<LinkFailure?>(new LinkFailure(reason, NeedsPerson: true));

    public override bool TrySubscribe(LinkFilter filter, in SubscribeOptions options, bool renewed, out int id)
    {
        id = 0;
        return false;
    }

    public override void Unsubscribe(LinkFilter filter)
    {
    }

    public override SendOutcome Send(LinkTopic topic, ReadOnlySpan<byte> payload, in PublishOptions options, int qos, out int id)
    {
        id = 0;
        return SendOutcome.Gone;
    }

    public override Task CloseAsync(bool graceful) => Task.CompletedTask;
}
