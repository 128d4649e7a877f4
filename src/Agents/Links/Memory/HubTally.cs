namespace EdgeAutonomy.Agents;

/// <summary>The hub's running counters.</summary>
internal sealed class HubTally
{
    public long Published, Delivered, Denied, Faulted, Duplicated, Corrupted, QueueFull, Offline, Expired, TooLarge, Wills, TakeOvers, Crashes;

    public HubCounters Read() => new(Published, Delivered, Denied, Faulted, Duplicated, Corrupted, QueueFull, Offline, Expired, TooLarge, Wills, TakeOvers, Crashes);
}
