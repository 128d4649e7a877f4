namespace EdgeAutonomy.Recording;

/// <summary>A channel of a server and who subscribed to it.</summary>
internal sealed class ServerChannel(uint id, string topic, FoxgloveSchema schema, bool isImage)
{
    /// <summary>Replaced as a whole under the server's lock, read without it by whoever publishes.</summary>
    private volatile (FoxgloveSession Session, uint Subscription)[] _subscribers = [];

    public uint Id => id;

    public string Topic => topic;

    public FoxgloveSchema Schema => schema;

    public bool IsImage => isImage;

    public (FoxgloveSession Session, uint Subscription)[] Subscribers => _subscribers;

    public void Add(FoxgloveSession session, uint subscription) => _subscribers = [.. _subscribers, (session, subscription)];

    public void Remove(FoxgloveSession session) => _subscribers = [.. _subscribers.Where(s => s.Session != session)];
}
