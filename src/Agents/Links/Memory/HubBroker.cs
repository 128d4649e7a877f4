namespace EdgeAutonomy.Agents;

/// <summary>The broker's half of a hub: sessions, subscriptions, kept messages, wills, and who gets what.</summary>
internal sealed class HubBroker(MemoryHub hub)
{
    private readonly HubTally _tally = hub.Tally;
    private readonly MemoryHubOptions _options = hub.Options;
    private long _serial;

    /// <summary>Accepts a connection: ends the one of the same name, settles its will, resumes or forgets the session.</summary>
    public void Connect(HubClient client, MemoryLink link)
    {
        if (client.Link is not null)
        {
            _tally.TakeOvers++;
            Close(client, withWill: true, "another client connected under the same name; give every robot its own");
        }
        bool present = client.SessionAlive && !link.Options.CleanStart;
        SettleWill(client, publish: !present);
        if (!present) Forget(client);
        client.SessionAlive = true;
        client.SessionSerial++;
        client.SessionExpiryNs = link.Options.SessionExpirySeconds * 1_000_000_000L;
        client.Epoch++;
        client.Link = link;
        if (link.Options.Will?.Invoke() is { } will)
        {
            client.Will = hub.Rent(will.Topic.Text, client, will.Payload);
            (client.Will.Qos, client.Will.Retain) = (1, true);
            client.WillDelayNs = will.DelaySeconds * 1_000_000_000L;
        }
        long due = hub.NowNs + _options.Downlink.Nanoseconds;
        client.DownlinkFloor = due;
        hub.Schedule.Add(due, new HubEvent { Kind = HubEventKind.ConnectAck, Client = client, Epoch = client.Epoch, State = link, Number = present ? 1 : 0 });
        Drain(client);
    }

    /// <summary>Ends a connection at the hub.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="withWill">Whether its will is published, now or after its delay.</param>
    /// <param name="reason">What the link is told; null = it knows.</param>
    public void Close(HubClient client, bool withWill, string? reason)
    {
        if (client.Link is not { } link) return;
        Detach(client);
        if (client.SessionExpiryNs > 0)
        {
            hub.Schedule.Add(hub.NowNs + client.SessionExpiryNs, new HubEvent { Kind = HubEventKind.SessionEnd, Client = client, Number = ++client.SessionSerial });
        }
        else
        {
            Forget(client);
        }
        long delay = _options.WillOutlivesSession ? client.WillDelayNs : Math.Min(client.WillDelayNs, client.SessionExpiryNs);
        client.WillPending = client.Will is not null;
        if (!withWill || delay <= 0) SettleWill(client, withWill);
        else if (client.WillPending) hub.Schedule.Add(hub.NowNs + delay, new HubEvent { Kind = HubEventKind.WillDue, Client = client, Number = ++client.WillSerial });
        if (reason is not null) hub.TellLost(link, client.Epoch, reason);
    }

    /// <summary>Publishes or drops a will that waits.</summary>
    public void SettleWill(HubClient client, bool publish)
    {
        if (!client.WillPending) return;
        client.WillPending = false;
        client.WillSerial++;
        var will = client.Will!;
        client.Will = null;
        if (publish)
        {
            _tally.Wills++;
            Accept(client, will);
        }
        will.Release();
    }

    /// <summary>Forgets a session.</summary>
    public void Forget(HubClient client)
    {
        client.SessionAlive = false;
        client.SessionSerial++;
        foreach (var subscription in client.Subscriptions) RemoveRoutes(subscription);
        client.Subscriptions.Clear();
        while (client.Queue.Count > 0)
        {
            client.Queue.Take().Message.Release();
            _tally.Offline++;
        }
    }

    /// <summary>Takes a message: keeps it where asked, and sends it to all who subscribed.</summary>
    /// <returns>The MQTT 5 reason code.</returns>
    public int Accept(HubClient publisher, HubMessage message)
    {
        var topic = message.Topic;
        if (_options.May is { } may && !may(publisher.Id, HubAction.Publish, topic.Text))
        {
            _tally.Denied++;
            return 135;
        }
        _tally.Published++;
        message.Serial = ++_serial;
        if (message.ExpiresIn > 0) message.Expires = hub.NowNs + message.ExpiresIn;
        if (message.Retain) topic.Keep(message.Payload.Length > 0 ? message.Hold() : null);
        var routes = topic.Routes;
        for (int i = 0; i < routes.Count; i++)
        {
            var route = routes[i];
            if (route.Share is null) Send(route, message, route.RetainAsPublished && message.Retain);
            else if (IsFirstOfShare(routes, i)) Send(Pick(routes, i), message, route.RetainAsPublished && message.Retain);
        }
        return routes.Count > 0 ? 0 : 16;
    }

    /// <summary>Makes or replaces a subscription, and sends what is kept for it.</summary>
    public void Subscribe(HubClient client, HubSubscription subscription)
    {
        bool isNew = !Unsubscribe(client, subscription.Filter.Text);
        client.Subscriptions.Add(subscription);
        bool wanted = subscription.Share is null && (subscription.Handling == RetainHandling.Send || (subscription.Handling == RetainHandling.SendIfNew && isNew));
        foreach (var topic in hub.Topics.All)
        {
            if (!AddRoute(topic, subscription) || !wanted || topic.Retained is not { } kept) continue;
            if (kept.Expires <= hub.NowNs) topic.Keep(null);
            else Send(subscription, kept, retained: true);
        }
    }

    /// <summary>Ends a subscription.</summary>
    /// <returns>Whether there was one.</returns>
    public static bool Unsubscribe(HubClient client, string filter)
    {
        int i = client.Subscriptions.FindIndex(s => s.Filter.Text == filter);
        if (i < 0) return false;
        RemoveRoutes(client.Subscriptions[i]);
        client.Subscriptions.RemoveAt(i);
        return true;
    }

    /// <summary>Connects a topic with a subscription where they match.</summary>
    public static bool AddRoute(HubTopic topic, HubSubscription subscription)
    {
        if (!subscription.Filter.Matches(topic.Utf8)) return false;
        topic.Routes.Add(subscription);
        subscription.Topics.Add(topic);
        return true;
    }

    /// <summary>Takes a client's acknowledgement and sends what waited for it.</summary>
    public void Acknowledge(HubClient client, HubSubscription subscription, long serial)
    {
        var flight = client.InFlight;
        for (int i = 0; i < flight.Count; i++)
        {
            if (flight[i].Message.Serial != serial || !ReferenceEquals(flight[i].Subscription, subscription)) continue;
            flight.RemoveAt(i).Message.Release();
            Drain(client);
            return;
        }
    }

    /// <summary>Sends a message to one subscription, or lets it wait, or drops it, counted.</summary>
    public void Send(HubSubscription to, HubMessage message, bool retained)
    {
        var client = to.Client;
        if (to.NoLocal && ReferenceEquals(message.Publisher, client)) return;
        if (message.Expires <= hub.NowNs) _tally.Expired++;
        else if (_options.May is { } may && !may(client.Id, HubAction.Receive, message.Topic.Text)) _tally.Denied++;
        else if (client.Link is { } link && message.Payload.Length > link.Options.MaxPayloadBytes)
        {
            _tally.TooLarge++;
            link.OnTooLarge();
        }
        else if (Math.Min(to.Qos, message.Qos) == 0)
        {
            if (client.Link is null) _tally.Offline++;
            else hub.Network.Deliver(to, message, 0, retained);
        }
        else if (client.Link is null && !client.SessionAlive) _tally.Offline++;
        else if (client.Link is null || client.Queue.Count > 0 || client.InFlight.Count >= _options.ReceiveMaximum)
        {
            if (client.Queue.Count >= _options.MaxQueued) _tally.QueueFull++;
            else client.Queue.Add(new HubWaiting(message.Hold(), to, retained));
        }
        else Launch(to, message, retained);
    }

    /// <summary>Copies what a broker writes to its disk.</summary>
    public HubSnapshot Capture()
    {
        var snapshot = new HubSnapshot();
        foreach (var topic in hub.Topics.All)
        {
            if (topic.Retained is { } kept) snapshot.Retained.Add(kept.Hold());
        }
        foreach (var client in hub.Clients)
        {
            if (!client.SessionAlive || client.SessionExpiryNs == 0) continue;
            var waiting = new List<HubWaiting>();
            for (int i = 0; i < client.InFlight.Count; i++) waiting.Add(client.InFlight[i]);
            for (int i = 0; i < client.Queue.Count; i++) waiting.Add(client.Queue[i]);
            foreach (var one in waiting) one.Message.Hold();
            snapshot.Sessions.Add((client, [.. client.Subscriptions], [.. waiting], client.SessionExpiryNs));
        }
        return snapshot;
    }

    /// <summary>Ends everything and starts from a snapshot, whose messages are taken over.</summary>
    public void Restore(HubSnapshot snapshot, string reason)
    {
        foreach (var client in hub.Clients)
        {
            if (client.Link is { } link)
            {
                Detach(client);
                hub.TellLost(link, client.Epoch, reason);
            }
            client.WillPending = client.Will is not null;
            SettleWill(client, publish: false);
            Forget(client);
        }
        foreach (var topic in hub.Topics.All) topic.Keep(null);
        foreach (var kept in snapshot.Retained) kept.Topic.Keep(kept);
        foreach (var (client, subscriptions, waiting, expiry) in snapshot.Sessions)
        {
            (client.SessionAlive, client.SessionExpiryNs) = (true, expiry);
            foreach (var subscription in subscriptions)
            {
                client.Subscriptions.Add(subscription);
                foreach (var topic in hub.Topics.All) AddRoute(topic, subscription);
            }
            foreach (var one in waiting) client.Queue.Add(one);
            hub.Schedule.Add(hub.NowNs + expiry, new HubEvent { Kind = HubEventKind.SessionEnd, Client = client, Number = ++client.SessionSerial });
        }
        snapshot.Retained.Clear();
        snapshot.Sessions.Clear();
    }

    private void Detach(HubClient client)
    {
        client.Link = null;
        hub.Network.DropHeld(client);
        // What was not acknowledged is sent again, in its order, should the session go on.
        while (client.InFlight.Count > 0) client.Queue.AddFirst(client.InFlight.TakeLast());
    }

    private void Launch(HubSubscription to, HubMessage message, bool retained)
    {
        if (hub.Network.Deliver(to, message, 1, retained)) to.Client.InFlight.Add(new HubWaiting(message.Hold(), to, retained));
    }

    private void Drain(HubClient client)
    {
        while (client.Queue.Count > 0 && client.InFlight.Count < _options.ReceiveMaximum)
        {
            var next = client.Queue.Take();
            if (next.Message.Expires <= hub.NowNs) _tally.Expired++;
            else Launch(next.Subscription, next.Message, next.Retained);
            next.Message.Release();
        }
    }

    private static void RemoveRoutes(HubSubscription subscription)
    {
        foreach (var topic in subscription.Topics) topic.Routes.Remove(subscription);
        subscription.Topics.Clear();
    }

    private static bool IsFirstOfShare(List<HubSubscription> routes, int index)
    {
        for (int i = 0; i < index; i++)
        {
            if (routes[i].Filter.Text == routes[index].Filter.Text) return false;
        }
        return true;
    }

    // One of those connected, drawn evenly; where nobody is, the first.
    private HubSubscription Pick(List<HubSubscription> routes, int first)
    {
        var pick = routes[first];
        int connected = 0;
        for (int i = first; i < routes.Count; i++)
        {
            if (routes[i].Filter.Text != pick.Filter.Text || routes[i].Client.Link is null) continue;
            if (hub.Choices.NextInt32(++connected) == 0) pick = routes[i];
        }
        return pick;
    }
}
