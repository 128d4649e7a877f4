using System.Buffers.Binary;
using System.Text;

namespace EdgeAutonomy.Recording;

/// <summary>One client of a <see cref="FoxgloveServer"/>.</summary>
/// <remarks>
/// One thread reads from the network and calls <see cref="OnText"/> and <see cref="OnBinary"/>; another waits with <see cref="WaitAsync"/>, takes frames
/// with <see cref="TryDequeue"/> and sends them, one at a time. Whatever a client sends, nothing is thrown: it gets a status of level error, or
/// <see cref="CloseReason"/> says why to disconnect it.
/// </remarks>
public sealed class FoxgloveSession : IDisposable
{
    private readonly FoxgloveServer _server;
    private readonly SessionRequests _requests;
    private readonly Dictionary<uint, uint> _channelOf = [], _subscriptionOf = [];
    private readonly Dictionary<uint, FoxgloveClientChannel> _published = [];
    private readonly HashSet<string> _parameters = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private bool _allParameters;
    private volatile string? _closeReason;
    private volatile bool _closed;

    internal FoxgloveSession(FoxgloveServer server, string protocol, OutgoingQueue queue)
    {
        _server = server;
        Protocol = protocol;
        Queue = queue;
        _requests = new SessionRequests(this, server);
    }

    /// <summary>Gets the subprotocol.</summary>
    public string Protocol { get; }

    /// <summary>Gets why the client should be disconnected, in a sentence; null = it should not.</summary>
    public string? CloseReason => _closeReason;

    /// <summary>Gets whether the session was disposed of.</summary>
    public bool IsClosed => _closed;

    /// <summary>Gets the small messages dropped for this client.</summary>
    public long DroppedData => Queue.DroppedData;

    /// <summary>Gets the images dropped for this client.</summary>
    public long DroppedImages => Queue.DroppedImages;

    internal OutgoingQueue Queue { get; }

    internal bool WantsGraph { get; set; }

    /// <summary>Takes a text message from the client.</summary>
    public void OnText(ReadOnlySpan<byte> message)
    {
        if (Accepts(message.Length)) _requests.Text(message);
    }

    /// <summary>Takes a binary message from the client.</summary>
    public void OnBinary(ReadOnlySpan<byte> message)
    {
        if (Accepts(message.Length)) _requests.Binary(message);
    }

    /// <summary>Takes the next frame to be sent, if there is one. The frame is valid until the next call.</summary>
    public bool TryDequeue(out FoxgloveFrame frame) => Queue.TryDequeue(out frame);

    /// <summary>Waits until there may be a frame, or the session is closed or to be closed. One waiter at a time.</summary>
    public ValueTask WaitAsync(CancellationToken cancellation) => Queue.WaitAsync(cancellation);

    /// <summary>Removes the client from the server and gives its buffers back.</summary>
    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        _server.Disconnect(this);
        Queue.Close();
    }

    internal void Send(byte[] data, bool isText = true)
    {
        if (!Queue.AddControl(data, isText)) Close($"The client lets more than {_server.Options.MaxControlBytes} bytes of replies wait; read faster or ask less.");
    }

    internal void Error(string message) => Send(ServerJson.Status(FoxgloveStatusLevel.Error, message, null));

    internal void Close(string reason)
    {
        _closeReason ??= reason;
        Queue.Close();
    }

    internal void SendFailure(uint service, uint call, string message) => Send(ServerJson.ServiceFailure(service, call, message));

    internal void SendResponse(uint service, uint call, string encoding, ReadOnlySpan<byte> payload)
    {
        int name = Encoding.UTF8.GetByteCount(encoding);
        var data = new byte[13 + name + payload.Length];
        data[0] = FoxgloveProtocol.ServiceCallResponse;
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(1), service);
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(5), call);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(9), name);
        Encoding.UTF8.GetBytes(encoding, data.AsSpan(13));
        payload.CopyTo(data.AsSpan(13 + name));
        Send(data, false);
    }

    /// <summary>Answers a request for an asset; an error has a text, a success has bytes.</summary>
    internal void SendAsset(uint request, string? error, ReadOnlySpan<byte> asset)
    {
        int text = error is null ? 0 : Encoding.UTF8.GetByteCount(error);
        var data = new byte[10 + text + asset.Length];
        data[0] = FoxgloveProtocol.FetchAssetResponse;
        BinaryPrimitives.WriteUInt32LittleEndian(data.AsSpan(1), request);
        data[5] = (byte)(error is null ? 0 : 1);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(6), text);
        if (error is not null) Encoding.UTF8.GetBytes(error, data.AsSpan(10));
        asset.CopyTo(data.AsSpan(10 + text));
        Send(data, false);
    }

    internal void SendParameters(IReadOnlyList<FoxgloveParameter> parameters)
    {
        List<FoxgloveParameter> wanted;
        lock (_gate) wanted = [.. parameters.Where(p => _allParameters || _parameters.Contains(p.Name))];
        if (wanted.Count > 0) Send(ServerJson.Parameters(wanted, null));
    }

    /// <summary>Subscribes, or returns what is wrong.</summary>
    internal string? Subscribe(uint subscription, uint channel)
    {
        lock (_gate)
        {
            if (_channelOf.ContainsKey(subscription)) return $"Subscription {subscription} exists already; unsubscribe it first.";
            if (_subscriptionOf.TryGetValue(channel, out uint other)) return $"Channel {channel} has subscription {other} already; one per channel is allowed.";
            if (_channelOf.Count >= _server.Options.MaxPerClient) return $"There are {_channelOf.Count} subscriptions, which is the limit; unsubscribe others first.";
            _channelOf.Add(subscription, channel);
            _subscriptionOf.Add(channel, subscription);
        }
        if (_server.Subscribe(this, channel, subscription)) return null;
        Forget(subscription);
        return $"Channel {channel} is not known; subscribe to a channel that was advertised.";
    }

    internal string? Unsubscribe(uint subscription)
    {
        uint channel;
        lock (_gate)
        {
            if (!_channelOf.TryGetValue(subscription, out channel)) return $"Subscription {subscription} is not known.";
        }
        _server.Unsubscribe(this, channel);
        Forget(subscription);
        return null;
    }

    /// <summary>Forgets a subscription whose channel is gone or that ended.</summary>
    internal void Forget(uint subscription)
    {
        lock (_gate)
        {
            if (_channelOf.Remove(subscription, out uint channel)) _subscriptionOf.Remove(channel);
        }
        Queue.Forget(subscription);
    }

    internal string? Advertise(FoxgloveClientChannel channel)
    {
        lock (_gate)
        {
            if (_published.Count >= _server.Options.MaxPerClient) return $"There are {_published.Count} client channels, which is the limit; unadvertise others first.";
            return _published.TryAdd(channel.Id, channel) ? null : $"Client channel {channel.Id} exists already; unadvertise it first.";
        }
    }

    internal string? Unadvertise(uint channel)
    {
        lock (_gate) return _published.Remove(channel) ? null : $"Client channel {channel} is not known.";
    }

    internal FoxgloveClientChannel? Published(uint channel)
    {
        lock (_gate) return _published.GetValueOrDefault(channel);
    }

    internal string? WatchParameters(List<string> names)
    {
        lock (_gate)
        {
            if (names.Count == 0) _allParameters = true;
            if (_parameters.Count + names.Count > _server.Options.MaxPerClient) return $"More than {_server.Options.MaxPerClient} parameters to watch; give no names to watch all.";
            _parameters.UnionWith(names);
            return null;
        }
    }

    internal void UnwatchParameters(List<string> names)
    {
        lock (_gate)
        {
            if (names.Count == 0) _allParameters = false;
            if (names.Count == 0) _parameters.Clear();
            _parameters.ExceptWith(names);
        }
    }

    private bool Accepts(int length)
    {
        if (_closed || _closeReason is not null) return false;
        if (length <= _server.Options.MaxMessageBytes) return true;
        Close($"A message of {length} bytes is longer than the limit of {_server.Options.MaxMessageBytes}.");
        return false;
    }
}
