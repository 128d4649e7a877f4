namespace EdgeAutonomy.Agents;

/// <summary>Who does what when an event of a hub is due.</summary>
internal static class HubDispatch
{
    public static void Run(MemoryHub hub, in HubEvent what)
    {
        switch (what.Kind)
        {
            case <= HubEventKind.DeliveryAck:
                if (hub.Network.Passes(what, up: true)) AtHub(hub, what);
                break;
            case <= HubEventKind.PublishAck:
                if (hub.Network.Passes(what, up: false)) AtClient(hub, what);
                break;
            case HubEventKind.ConnectAttempt:
                Admit(hub, (MemoryLink)what.State!, what.Number);
                break;
            case HubEventKind.WillDue:
                if (what.Number == what.Client!.WillSerial) hub.Broker.SettleWill(what.Client, publish: true);
                break;
            case HubEventKind.SessionEnd:
                if (what.Number == what.Client!.SessionSerial) hub.Broker.Forget(what.Client);
                break;
            case HubEventKind.KeepAlive:
                var client = what.Client!;
                bool isSilent = client.IsCut || client.Link is { IsStopped: true };
                if (isSilent && what.Number == client.CutSerial && what.Epoch == client.Epoch) hub.Broker.Close(client, withWill: true, "the other end was silent for 1.5 times the keep-alive");
                break;
            case HubEventKind.ConnectionLost:
                var (link, reason) = (LostConnection)what.State!;
                link.OnLost(what.Epoch, reason);
                break;
            case HubEventKind.RetryDue:
                ((MemoryLink)what.State!).OnRetry(what.Number);
                break;
            case HubEventKind.CommandDeadline:
                ((MemoryLink)what.State!).Outbox.OnDeadline();
                break;
            case HubEventKind.Timer:
                ((MemoryTimer)what.State!).Fire(what.Number);
                break;
            case HubEventKind.FaultStart:
                hub.Faults.Start((HubFault)what.State!);
                break;
            case HubEventKind.FaultEnd:
                hub.Faults.End((HubFault)what.State!);
                break;
            case HubEventKind.FaultCapture:
                hub.Faults.Capture((HubFault)what.State!);
                break;
        }
    }

    private static void AtHub(MemoryHub hub, in HubEvent what)
    {
        var client = what.Client!;
        switch (what.Kind)
        {
            case HubEventKind.Publish:
                var message = what.Message!;
                int reason = hub.Broker.Accept(client, message);
                if (message.Qos == 0)
                {
                    message.Release();
                    break;
                }
                hub.Network.Down(client, new HubEvent { Kind = HubEventKind.PublishAck, Client = client, Epoch = what.Epoch, Message = message, Number = reason });
                break;
            case HubEventKind.Subscribe:
                var wanted = (HubSubscription)what.State!;
                int refusal = hub.Options.MaySubscribe?.Invoke(client.Id, wanted.Filter.Text) ?? 0;
                if (refusal == 0) hub.Broker.Subscribe(client, wanted);
                else hub.Network.Down(client, new HubEvent { Kind = HubEventKind.SubscribeRefused, Client = client, Epoch = what.Epoch, State = wanted.Filter, Number = refusal });
                break;
            case HubEventKind.Unsubscribe:
                HubBroker.Unsubscribe(client, ((LinkFilter)what.State!).Text);
                break;
            case HubEventKind.DeliveryAck:
                hub.Broker.Acknowledge(client, (HubSubscription)what.State!, what.Number);
                break;
            case HubEventKind.Goodbye:
                var link = client.Link!;
                hub.Broker.Close(client, withWill: false, null);
                link.OnGoodbye(what.Epoch);
                break;
        }
    }

    private static void AtClient(MemoryHub hub, in HubEvent what)
    {
        var client = what.Client!;
        var link = client.Link!;
        if (link.IsStopped)
        {
            // The robot stopped behind a cut cable: the first packet that reaches it is answered by a reset.
            what.Message?.Release();
            hub.Broker.Close(client, withWill: true, null);
            return;
        }
        switch (what.Kind)
        {
            case HubEventKind.ConnectAck:
                link.OnUp(what.Epoch, sessionPresent: what.Number != 0);
                break;
            case HubEventKind.SubscribeRefused:
                link.OnSubscriptionRefused((LinkFilter)what.State!, (int)what.Number);
                break;
            case HubEventKind.PublishAck:
                link.Outbox.OnAcknowledged(what.Message!, (int)what.Number);
                what.Message!.Release();
                break;
            case HubEventKind.Deliver:
                var (message, to) = (what.Message!, (HubSubscription)what.State!);
                hub.Delivered(link, message);
                link.Receive(to, message, (what.Flags & DeliveryFlags.Retained) != 0);
                if ((what.Flags & DeliveryFlags.Acknowledge) != 0)
                {
                    hub.Network.Up(client, new HubEvent { Kind = HubEventKind.DeliveryAck, Client = client, Epoch = what.Epoch, State = to, Number = message.Serial });
                }
                message.Release();
                break;
        }
    }

    private static void Admit(MemoryHub hub, MemoryLink link, long attempt)
    {
        if (!link.IsAttempt(attempt)) return;
        if (!hub.IsUp || link.Client.IsCut || link.Client.Blocks > 0)
        {
            link.OnUnreachable();
            return;
        }
        int reason = hub.Options.Admit?.Invoke(link.Options) ?? 0;
        if (reason != 0) link.OnRefused(reason);
        else hub.Broker.Connect(link.Client, link);
    }
}
