namespace EdgeAutonomy.Agents;

/// <summary>Messages that are not in use.</summary>
internal sealed class HubMessagePool
{
    private readonly Stack<HubMessage> _free = new();

    /// <summary>Gets how many messages somebody holds.</summary>
    public int Held { get; private set; }

    public HubMessage Rent(HubTopic topic, HubClient publisher, ReadOnlySpan<byte> payload)
    {
        if (!_free.TryPop(out var message)) message = new HubMessage(this);
        message.Set(topic, publisher, payload);
        Held++;
        return message;
    }

    public void Return(HubMessage message)
    {
        Held--;
        _free.Push(message);
    }
}
