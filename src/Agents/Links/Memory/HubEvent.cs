namespace EdgeAutonomy.Agents;

/// <summary>What a hub has to do at an instant.</summary>
internal struct HubEvent
{
    public HubEventKind Kind;

    /// <summary>For deliveries: the quality in the lowest bit, retained in the next.</summary>
    public byte Flags;

    /// <summary>The connection that this belongs to; stale when it is no longer the client's present one.</summary>
    public int Epoch;

    public HubClient? Client;
    public HubMessage? Message;
    public object? State;
    public long Number;
}
