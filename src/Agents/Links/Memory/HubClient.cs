namespace EdgeAutonomy.Agents;

/// <summary>What a hub knows of one client id: the session, and the connection while there is one.</summary>
internal sealed class HubClient(string id, int index)
{
    private long[] _lanes = new long[8];

    public string Id { get; } = id;

    /// <summary>Gets its number in the order in which clients came up.</summary>
    public int Index { get; } = index;

    /// <summary>Gets or sets who is connected; null = nobody.</summary>
    public MemoryLink? Link { get; set; }

    /// <summary>Gets or sets the number of the last connection.</summary>
    public int Epoch { get; set; }

    public bool SessionAlive { get; set; }

    public long SessionExpiryNs { get; set; }

    /// <summary>Gets or sets a number that makes the pending end of the session stale.</summary>
    public long SessionSerial { get; set; }

    public List<HubSubscription> Subscriptions { get; } = [];

    /// <summary>Gets what waits, in order.</summary>
    public HubQueue<HubWaiting> Queue { get; } = new();

    /// <summary>Gets what was sent and not acknowledged, in order.</summary>
    public HubQueue<HubWaiting> InFlight { get; } = new();

    /// <summary>Gets or sets the will of the present connection, or of the lost one while it waits. Owns one count.</summary>
    public HubMessage? Will { get; set; }

    public long WillDelayNs { get; set; }

    public bool WillPending { get; set; }

    /// <summary>Gets or sets a number that makes a pending will stale.</summary>
    public long WillSerial { get; set; }

    /// <summary>Gets or sets how many faults cut the way to the hub.</summary>
    public int UplinkCuts { get; set; }

    /// <summary>Gets or sets how many faults cut the way from the hub.</summary>
    public int DownlinkCuts { get; set; }

    /// <summary>Gets or sets how many faults keep it from connecting.</summary>
    public int Blocks { get; set; }

    public long CutSerial { get; set; }

    public bool IsCut => UplinkCuts + DownlinkCuts > 0;

    /// <summary>Gets what left the client and cannot pass now; the transport sends it again when the way is open.</summary>
    public HubQueue<HubEvent> HeldUp { get; } = new();

    /// <summary>Gets what left the hub and cannot pass now.</summary>
    public HubQueue<HubEvent> HeldDown { get; } = new();

    /// <summary>Gets or sets when the last packet of this client reaches the hub.</summary>
    public long UplinkLast { get; set; }

    /// <summary>Gets or sets before when nothing from the hub arrives: nothing overtakes the acknowledgement of the connection.</summary>
    public long DownlinkFloor { get; set; }

    /// <summary>Returns when the last message of a publisher reaches this client.</summary>
    public ref long Lane(int publisher)
    {
        if (publisher >= _lanes.Length) Array.Resize(ref _lanes, Math.Max(publisher + 1, 2 * _lanes.Length));
        return ref _lanes[publisher];
    }
}
