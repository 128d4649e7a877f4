namespace EdgeAutonomy.Agents;

/// <summary>The subscriptions of a link: remembered, and sent again to a broker that has forgotten them. For adapters.</summary>
/// <remarks>Any thread. Finding the queue of a message takes no lock and allocates nothing.</remarks>
public sealed class LinkSubscriptions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, string> _waiting = [];
    private readonly List<LinkFilter> _ended = [];
    private Entry[] _entries = [];
    private LinkConnection? _connection;
    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called with one sentence when the broker refuses a subscription, by the thread that heard it.</summary>
    public event Action<string>? Refused;

    /// <summary>Adds a subscription, and sends it when connected.</summary>
    /// <param name="filter">Which topics.</param>
    /// <param name="options">How.</param>
    public void Add(LinkFilter filter, in SubscribeOptions options)
    {
        ArgumentNullException.ThrowIfNull(filter);
        lock (_gate)
        {
            var entry = new Entry(filter, options);
            _entries = [.. _entries.Where(e => e.Filter.Text != filter.Text), entry];
            _ended.RemoveAll(f => f.Text == filter.Text);
            if (_connection is { } connection) Send(connection, entry);
        }
    }

    /// <summary>Ends a subscription; a broker that keeps the session is told at the next connection at the latest.</summary>
    /// <param name="filter">As subscribed.</param>
    public void Remove(LinkFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        lock (_gate)
        {
            _entries = [.. _entries.Where(e => e.Filter.Text != filter.Text)];
            if (_connection is { } connection) connection.Unsubscribe(filter);
            else _ended.Add(filter);
        }
    }

    /// <summary>Renews over a new connection what its broker does not know.</summary>
    /// <param name="connection">The connection; <see cref="LinkConnection.Limits"/> and <see cref="LinkConnection.SessionPresent"/> are set.</param>
    /// <returns>Ends when the broker has answered all.</returns>
    public Task Renew(LinkConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        lock (_gate)
        {
            _connection = connection;
            _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (connection.SessionPresent) _ended.ForEach(connection.Unsubscribe);
            _ended.Clear();
            foreach (var entry in _entries)
            {
                if (!connection.SessionPresent || !entry.Known) Send(connection, entry);
            }
            if (_waiting.Count == 0) _answered.TrySetResult();
            return _answered.Task;
        }
    }

    /// <summary>Gives a connection up.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _connection = null;
            _waiting.Clear();
        }
    }

    /// <summary>Notes the broker's answer to one subscription.</summary>
    /// <param name="id">As <see cref="LinkConnection.TrySubscribe"/> gave it.</param>
    /// <param name="reason">The MQTT 5 reason code; 128 and above = refused.</param>
    public void Answered(int id, int reason)
    {
        string? filter;
        lock (_gate)
        {
            if (!_waiting.Remove(id, out filter)) return;
            if (_waiting.Count == 0) _answered.TrySetResult();
        }
        if (reason >= 128) Refused?.Invoke($"Subscription '{filter}': {MqttReasons.Describe(reason)}");
    }

    /// <summary>Finds the inbox queue of a topic. No lock, 0 bytes allocated.</summary>
    /// <param name="topic">The topic in UTF-8.</param>
    /// <param name="queue">The queue of the first filter that matches.</param>
    /// <returns>False when no filter matches: it was on its way when its subscription ended.</returns>
    public bool TryFind(ReadOnlySpan<byte> topic, out InboxQueue queue)
    {
        foreach (var entry in Volatile.Read(ref _entries))
        {
            if (!entry.Filter.Matches(topic)) continue;
            queue = entry.Options.Queue;
            return true;
        }
        queue = default;
        return false;
    }

    private void Send(LinkConnection connection, Entry entry)
    {
        string text = entry.Filter.Text;
        if (!connection.Limits.WildcardAvailable && text.AsSpan().IndexOfAny('+', '#') >= 0) Refused?.Invoke($"Subscription '{text}': the broker allows no wildcards.");
        else if (!connection.Limits.SharedAvailable && entry.Filter.Share is not null) Refused?.Invoke($"Subscription '{text}': the broker has no shared subscriptions.");
        // Held across the call: the answer may come before the call returns.
        else if (connection.TrySubscribe(entry.Filter, entry.Options, entry.Known, out int id)) (_waiting[id], entry.Known) = (text, true);
    }

    private sealed class Entry(LinkFilter filter, SubscribeOptions options)
    {
        public LinkFilter Filter { get; } = filter;

        public SubscribeOptions Options { get; } = options;

        /// <summary>Was subscribed in some connection: a broker that keeps the session knows it.</summary>
        public bool Known { get; set; }
    }
}
