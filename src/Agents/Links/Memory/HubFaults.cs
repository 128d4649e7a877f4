namespace EdgeAutonomy.Agents;

/// <summary>The fault programme of a hub: starts and ends faults at their time, and judges single messages while some are active.</summary>
internal sealed class HubFaults(MemoryHub hub, ulong seed)
{
    private readonly List<HubFault> _active = [];
    private int _loaded;

    /// <summary>Gets whether some active fault concerns single messages.</summary>
    public bool TouchMessages { get; private set; }

    /// <summary>Gets whether the programme ever reorders.</summary>
    public bool Reorders { get; private set; }

    /// <summary>Schedules a programme.</summary>
    public void Load(FaultPlan plan)
    {
        foreach (var data in plan.Faults)
        {
            var fault = new HubFault(data, RandomStream.For(seed + (data.Salt != 0 ? data.Salt : (ulong)++_loaded), "fault"));
            Reorders |= data.Kind == FaultKind.Reorder;
            if (data.Kind is FaultKind.HubCrash or FaultKind.StaleRetained) At(data.RollbackTo, HubEventKind.FaultCapture, fault);
            At(data.From, HubEventKind.FaultStart, fault);
        }
    }

    /// <summary>Remembers what a crash goes back to.</summary>
    public void Capture(HubFault fault)
    {
        // Where both are due at once the fault may come first, and takes the snapshot itself.
        if (!fault.HasBegun) fault.Captured ??= hub.Broker.Capture();
    }

    /// <summary>Begins a fault.</summary>
    public void Start(HubFault fault)
    {
        var data = fault.Data;
        if (data.Kind is FaultKind.HubCrash or FaultKind.StaleRetained) Capture(fault);
        fault.HasBegun = true;
        switch (data.Kind)
        {
            case FaultKind.TakeOver:
                TakeOver(hub.ClientOf(data.Client!));
                return;
            case FaultKind.ClockJump:
                hub.JumpClocks(data.Client!, data.Jump, data.JumpsMonotonic);
                return;
            case FaultKind.StaleRetained:
                BringBack(fault);
                return;
            case FaultKind.HubCrash:
                hub.GoDown(fault.Captured!, "the hub crashed");
                fault.Captured = null;
                break;
            case FaultKind.HubRestart:
                hub.GoDown(data.KeepState ? hub.Broker.Capture() : new HubSnapshot(), "the hub was restarted");
                break;
            case FaultKind.Disconnect when data.Mode != DisconnectMode.Frozen:
                var client = hub.ClientOf(data.Client!);
                client.Blocks++;
                if (data.Mode == DisconnectMode.Graceful) client.Link?.LeaveForNow();
                else hub.Broker.Close(client, withWill: true, "the connection broke");
                break;
        }
        _active.Add(fault);
        if (fault.CutsFromHub)
        {
            foreach (var client in hub.Clients) CutOff(fault, client);
        }
        Recount();
        At(data.Until, HubEventKind.FaultEnd, fault);
    }

    /// <summary>Ends a fault.</summary>
    public void End(HubFault fault)
    {
        _active.Remove(fault);
        Recount();
        if (fault.Data.Kind is FaultKind.HubCrash or FaultKind.HubRestart) hub.ComeUp();
        if (fault.Data.Kind == FaultKind.Disconnect && fault.Data.Mode != DisconnectMode.Frozen) hub.ClientOf(fault.Data.Client!).Blocks--;
        foreach (var (client, up, down) in fault.Cut)
        {
            if (up) client.UplinkCuts--;
            if (down) client.DownlinkCuts--;
            hub.Network.ReleaseHeld(client);
        }
        fault.Cut.Clear();
    }

    /// <summary>Applies the active faults to a client that has just come up.</summary>
    public void Meet(HubClient client)
    {
        foreach (var fault in _active)
        {
            if (fault.CutsFromHub) CutOff(fault, client);
        }
    }

    /// <summary>Judges a delivery.</summary>
    /// <returns>False when it is lost.</returns>
    public bool Judge(HubSubscription to, HubMessage message, int qos, ref MessageFate fate)
    {
        foreach (var fault in _active)
        {
            if (!IsLost(fault, to, message, qos, ref fate)) continue;
            fate.Damaged?.Release();
            return false;
        }
        return true;
    }

    private bool IsLost(HubFault fault, HubSubscription to, HubMessage message, int qos, ref MessageFate fate)
    {
        var data = fault.Data;
        switch (data.Kind)
        {
            case FaultKind.Partition:
                if (fault.CutsFromHub || fault.GroupOf(message.Publisher.Id) == fault.GroupOf(to.Client.Id)) return false;
                hub.Tally.Faulted++;
                return true;
            case FaultKind.SlowConsumer:
                if (data.Client != to.Client.Id) return false;
                return IsTooSlow(fault, ref fate);
        }
        if (!fault.Concerns(message, to, qos)) return false;
        switch (data.Kind)
        {
            case FaultKind.OneWay:
                if (fault.CutsFromHub) return false;
                hub.Tally.Faulted++;
                return true;
            case FaultKind.Drop:
                if (fault.Random.NextDouble() >= data.Probability) return false;
                hub.Tally.Faulted++;
                return true;
            case FaultKind.Delay:
                fate.DelayNs += data.Delay.Draw(fault.Random).Nanoseconds;
                break;
            case FaultKind.Reorder:
                fate.DelayNs += data.Delay.Draw(fault.Random).Nanoseconds;
                fate.Loose = true;
                fate.BreakOrder |= data.BreakOrder;
                break;
            case FaultKind.Duplicate:
                if (fault.Random.NextDouble() >= data.Probability) break;
                fate.Copies += data.Copies;
                fate.CopyDelayNs = data.Delay.Draw(fault.Random).Nanoseconds;
                hub.Tally.Duplicated += data.Copies;
                break;
            case FaultKind.Corrupt:
                if (fault.Random.NextDouble() >= data.Probability) break;
                hub.Tally.Corrupted++;
                Damage(fate.Damaged ??= hub.CopyOf(message), fault.Random);
                break;
        }
        return false;
    }

    private bool IsTooSlow(HubFault fault, ref MessageFate fate)
    {
        long interval = (long)(1e9 / Math.Max(1e-3, fault.Data.RatePerSecond));
        long start = Math.Max(hub.NowNs, fault.NextFree);
        if ((start - hub.NowNs) / interval >= fault.Data.QueueLimit)
        {
            hub.Tally.QueueFull++;
            return true;
        }
        fault.NextFree = start + interval;
        fate.DelayNs += fault.NextFree - hub.NowNs;
        return false;
    }

    private static void Damage(HubMessage message, RandomStream random)
    {
        int length = message.Payload.Length;
        switch (random.NextInt32(3))
        {
            case 0 when length > 0:
                var bytes = message.Writable(length);
                for (int i = 1 + random.NextInt32(4); i > 0; i--) bytes[random.NextInt32(length)] ^= (byte)(1 << random.NextInt32(8));
                break;
            case 1 when length > 0:
                message.Writable(random.NextInt32(length));
                break;
            default:
                var longer = message.Writable(length + 1 + random.NextInt32(16));
                for (int i = length; i < longer.Length; i++) longer[i] = (byte)random.NextUInt64();
                break;
        }
    }

    private void TakeOver(HubClient client)
    {
        if (client.Link is null) return;
        hub.Tally.TakeOvers++;
        hub.Broker.Close(client, withWill: true, "another client connected under the same name; give every robot its own");
        hub.Broker.SettleWill(client, publish: true);
        hub.Broker.Forget(client);
    }

    private void BringBack(HubFault fault)
    {
        foreach (var kept in fault.Captured!.Retained)
        {
            if (!fault.Filter!.Matches(kept.Topic.Utf8) || ReferenceEquals(kept, kept.Topic.Retained)) continue;
            kept.Topic.Keep(kept.Hold());
            var routes = kept.Topic.Routes;
            for (int i = 0; i < routes.Count; i++)
            {
                if (routes[i].Share is null) hub.Broker.Send(routes[i], kept, retained: true);
            }
        }
        fault.Captured.Release();
        fault.Captured = null;
    }

    private void CutOff(HubFault fault, HubClient client)
    {
        var data = fault.Data;
        var (up, down) = data.Kind switch
        {
            FaultKind.Partition => fault.GroupOf(client.Id) != fault.GroupOf(FaultScope.Hub) ? (true, true) : (false, false),
            FaultKind.OneWay => (data.Scope.Receiver == FaultScope.Hub && data.Scope.Publisher == client.Id, data.Scope.Publisher == FaultScope.Hub && data.Scope.Receiver == client.Id),
            _ => data.Client == client.Id ? (true, true) : (false, false),
        };
        if (!up && !down) return;
        if (!client.IsCut) hub.WatchKeepAlive(client);
        if (up) client.UplinkCuts++;
        if (down) client.DownlinkCuts++;
        fault.Cut.Add((client, up, down));
    }

    private void Recount()
    {
        TouchMessages = false;
        foreach (var fault in _active)
        {
            TouchMessages |= fault.Data.Kind is FaultKind.Drop or FaultKind.Duplicate or FaultKind.Delay or FaultKind.Reorder or FaultKind.Partition
                or FaultKind.OneWay or FaultKind.SlowConsumer or FaultKind.Corrupt;
        }
    }

    private void At(Stamp when, HubEventKind kind, HubFault fault) =>
        hub.Schedule.Add(Math.Max(hub.NowNs, when.Nanoseconds), new HubEvent { Kind = kind, State = fault });
}
