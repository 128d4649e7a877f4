namespace EdgeAutonomy.Agents;

/// <summary>The subscriptions of a link: remembered, and sent again to a broker that has forgotten them. For adapters.</summary>
/// <remarks>Any thread. Finding the queue of a message takes no lock and allocates nothing.</remarks>
public sealed class LinkSubscriptions
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, string> _waiting = [];
    private readonly List<LinkFilter> _ended = [];
    private readonly SubscriptionRefusals _refusals = new();
    private Entry[] _entries = [];
    private LinkConnection? _connection;
    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called with one sentence when the broker refuses a subscription, by the thread that heard it.</summary>
    public event Action<string>? Refused;

    /// <summary>Gets how often the broker refused a subscription.</summary>
    public long RefusedCount => _refusals.Count;

    /// <summary>Gets one sentence about each subscription that the broker refuses now; empty where it refuses none.</summary>
    public string Refusal => _refusals.Text;

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
            _refusals.Forget(filter.Text);
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
        string? sentence = null;
        lock (_gate)
        {
            if (!_waiting.Remove(id, out string? filter)) return;
            // Noted before the link is told that all are answered: it is up from then on, and says at once what is missing.
            if (reason >= 128)
            {
                sentence = _refusals.Note(filter, MqttReasons.Describe(reason));
                // A broker that keeps the session does not know it; the next connection tries again.
                if (_entries.FirstOrDefault(e => e.Filter.Text == filter) is { } entry) entry.Known = false;
            }
            if (_waiting.Count == 0) _answered.TrySetResult();
        }
        if (sentence is not null) Refused?.Invoke(sentence);
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
        _refusals.Forget(text);
        if (!connection.Limits.WildcardAvailable && text.AsSpan().IndexOfAny('+', '#') >= 0) Refused?.Invoke(_refusals.Note(text, MqttReasons.Describe(162)));
        else if (!connection.Limits.SharedAvailable && entry.Filter.Share is not null) Refused?.Invoke(_refusals.Note(text, MqttReasons.Describe(158)));
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
