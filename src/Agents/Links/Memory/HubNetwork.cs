namespace EdgeAutonomy.Agents;

/// <summary>The network's half of a hub: how long packets take, what is held while a way is cut, and the faults of single messages.</summary>
internal sealed class HubNetwork(MemoryHub hub)
{
    // What a transport keeps while it cannot send; MQTT's own limits act before for quality 1.
    private const int HeldMost = 1024;

    private readonly Dictionary<(int Receiver, int Publisher, int Topic), long> _topicLanes = [];

    /// <summary>Sends a packet from a client to the hub, in order.</summary>
    public void Up(HubClient client, in HubEvent packet)
    {
        long due = Math.Max(hub.NowNs + hub.Options.Uplink.Nanoseconds, client.UplinkLast + 1);
        client.UplinkLast = due;
        hub.Schedule.Add(due, packet);
    }

    /// <summary>Sends a packet from the hub to a client; for what is no message.</summary>
    public void Down(HubClient client, in HubEvent packet) => hub.Schedule.Add(Math.Max(hub.NowNs + hub.Options.Downlink.Nanoseconds, client.DownlinkFloor + 1), packet);

    /// <summary>Sends a message from the hub to a client, as the faults have it.</summary>
    /// <returns>False when it was lost.</returns>
    public bool Deliver(HubSubscription to, HubMessage message, int qos, bool retained)
    {
        var client = to.Client;
        var fate = default(MessageFate);
        if (hub.Faults.TouchMessages && !hub.Faults.Judge(to, message, qos, ref fate)) return false;
        long due = Math.Max(hub.NowNs + hub.Options.Downlink.Nanoseconds + fate.DelayNs, client.DownlinkFloor + 1);
        ref long lane = ref client.Lane(message.Publisher.Index);
        if (!fate.Loose) due = Math.Max(due, lane + 1);
        if (hub.Faults.Reorders && qos > 0 && !fate.BreakOrder)
        {
            ref long last = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                _topicLanes, (client.Index, message.Publisher.Index, message.Topic.Id), out _);
            due = Math.Max(due, last + 1);
            last = due;
        }
        if (!fate.Loose) lane = due;
        var packet = new HubEvent
        {
            Kind = HubEventKind.Deliver,
            Client = client,
            Epoch = client.Epoch,
            Message = fate.Damaged ?? message.Hold(),
            State = to,
            Flags = (byte)((qos > 0 ? DeliveryFlags.Acknowledge : 0) | (retained ? DeliveryFlags.Retained : 0)),
        };
        hub.Schedule.Add(due, packet);
        packet.Flags &= DeliveryFlags.Retained;
        for (int i = 0; i < fate.Copies; i++)
        {
            packet.Message!.Hold();
            hub.Schedule.Add(due + 1 + fate.CopyDelayNs * (i + 1), packet);
        }
        return true;
    }

    /// <summary>Returns whether a packet may pass now; holds it where its way is cut, drops it where its connection is gone.</summary>
    public bool Passes(in HubEvent packet, bool up)
    {
        var client = packet.Client!;
        if (packet.Epoch != client.Epoch || client.Link is null)
        {
            Drop(packet);
            return false;
        }
        if ((up ? client.UplinkCuts : client.DownlinkCuts) == 0) return true;
        var held = up ? client.HeldUp : client.HeldDown;
        bool droppable = packet.Kind is HubEventKind.Publish or HubEventKind.Deliver && packet.Message!.Qos == 0;
        if (droppable && held.Count >= HeldMost) Drop(packet);
        else held.Add(packet);
        return false;
    }

    /// <summary>Lets pass, in order, what was held on ways that are open again.</summary>
    public void ReleaseHeld(HubClient client)
    {
        // Each packet goes through the same door again: the first may end the connection that the second needs.
        for (int n = client.UplinkCuts == 0 ? client.HeldUp.Count : 0; n > 0 && client.HeldUp.Count > 0; n--) hub.Dispatch(client.HeldUp.Take());
        for (int n = client.DownlinkCuts == 0 ? client.HeldDown.Count : 0; n > 0 && client.HeldDown.Count > 0; n--) hub.Dispatch(client.HeldDown.Take());
    }

    /// <summary>Drops what was held for a connection that has ended.</summary>
    public void DropHeld(HubClient client)
    {
        while (client.HeldUp.Count > 0) Drop(client.HeldUp.Take());
        while (client.HeldDown.Count > 0) Drop(client.HeldDown.Take());
    }

    /// <summary>Forgets what no later message can meet.</summary>
    public void Sweep()
    {
        foreach (var (lane, last) in _topicLanes)
        {
            if (last < hub.NowNs) _topicLanes.Remove(lane);
        }
    }

    private void Drop(in HubEvent packet)
    {
        // A delivery that awaits an acknowledgement is still in the session's own list, and is counted there.
        if (packet.Kind == HubEventKind.Publish || (packet.Kind == HubEventKind.Deliver && (packet.Flags & DeliveryFlags.Acknowledge) == 0)) hub.Tally.Offline++;
        packet.Message?.Release();
    }
}
