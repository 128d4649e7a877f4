using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>A Foxglove server without a network: it holds channels, services and clients; a host moves the bytes.</summary>
/// <remarks>
/// For each upgraded WebSocket the host calls <see cref="TryConnect"/>, gives what arrives to <see cref="FoxgloveSession.OnText"/> and
/// <see cref="FoxgloveSession.OnBinary"/>, sends what <see cref="FoxgloveSession.TryDequeue"/> hands out and disposes of the session at the end.
/// <para>Thread-safe. Publishing never blocks on a client, takes each message's bytes once for all subscribers, does nothing when there are none, and
/// does not allocate once buffers have grown. It is meant for one publishing thread that is not the loop's.</para>
/// </remarks>
public sealed class FoxgloveServer
{
    private readonly Lock _gate = new();
    private readonly List<FoxgloveSession> _sessions = [];
    private readonly List<FoxgloveService> _services = [];
    private readonly PayloadPool _small = new(512), _large = new(32);
    private readonly IMeasure _measure;

    // Index = id − 1; a removed channel leaves a hole, for ids are never used again.
    private volatile ServerChannel?[] _channels = [];
    private volatile FoxgloveSession[] _snapshot = [];
    private FoxgloveGraph _graph = FoxgloveGraph.Empty;
    private uint _nextService = 1;

    /// <summary>Makes a server.</summary>
    /// <param name="options">What it says and allows.</param>
    /// <param name="host">Who decides and acts.</param>
    /// <param name="measure">For "at most once per second"; never a source of message times.</param>
    public FoxgloveServer(FoxgloveServerOptions options, IFoxgloveHost host, IMeasure measure)
    {
        Options = options ?? throw new ArgumentNullException(nameof(options));
        Host = host ?? throw new ArgumentNullException(nameof(host));
        _measure = measure ?? throw new ArgumentNullException(nameof(measure));
    }

    /// <summary>Gets what the server says and allows.</summary>
    public FoxgloveServerOptions Options { get; }

    /// <summary>Gets how many clients there are.</summary>
    public int ClientCount => _snapshot.Length;

    internal IFoxgloveHost Host { get; }

    /// <summary>Adds a client and queues its greeting; false when there are too many clients.</summary>
    /// <param name="protocol">What <see cref="FoxgloveProtocol.Choose"/> returned.</param>
    /// <param name="session">The client's session.</param>
    public bool TryConnect(string protocol, [NotNullWhen(true)] out FoxgloveSession? session)
    {
        bool control = Host.AllowControl;
        lock (_gate)
        {
            session = null;
            if (_sessions.Count >= Options.MaxClients) return false;
            session = new FoxgloveSession(this, protocol, new OutgoingQueue(Options, _measure));
            session.Send(ServerJson.ServerInfo(Options, Capabilities(control), control || _services.Count > 0));
            session.Send(ServerJson.Advertise(_channels.OfType<ServerChannel>()));
            if (_services.Count > 0) session.Send(ServerJson.AdvertiseServices(_services));
            _sessions.Add(session);
            _snapshot = [.. _sessions];
            return true;
        }
    }

    /// <summary>Adds a channel and announces it.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="isImage">Whether its messages are large and wait in the queue for images.</param>
    /// <returns>The channel's id.</returns>
    public uint AddChannel(string topic, FoxgloveSchema schema, bool isImage = false)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(schema);
        lock (_gate)
        {
            var channel = new ServerChannel((uint)_channels.Length + 1, topic, schema, isImage);
            _channels = [.. _channels, channel];
            Broadcast(ServerJson.Advertise([channel]));
            return channel.Id;
        }
    }

    /// <summary>Removes a channel and tells the clients. Unknown ids are ignored.</summary>
    public void RemoveChannel(uint id)
    {
        lock (_gate)
        {
            if (Find(id) is not { } channel) return;
            foreach (var (session, subscription) in channel.Subscribers) session.Forget(subscription);
            var channels = (ServerChannel?[])_channels.Clone();
            channels[id - 1] = null;
            _channels = channels;
            Broadcast(ServerJson.Unadvertise(id));
        }
    }

    /// <summary>Tells whether any client subscribed to a channel.</summary>
    public bool HasSubscribers(uint channel) => Find(channel) is { Subscribers.Length: > 0 };

    /// <summary>Sends a message to all who subscribed to its channel. Unknown channels are ignored.</summary>
    public void Publish(uint channel, Stamp time, ReadOnlySpan<byte> data)
    {
        if (Find(channel) is not { Subscribers: { Length: > 0 } subscribers } known) return;
        var payload = (known.IsImage ? _large : _small).Rent(data);
        ulong stamp = Unsigned(time);
        foreach (var (session, subscription) in subscribers)
        {
            payload.AddReference();
            session.Queue.AddData(subscription, stamp, payload, known.IsImage);
        }
        payload.Release();
    }

    /// <summary>Sends the time to every client; only the newest waits. Needs <see cref="FoxgloveServerOptions.SendsTime"/>.</summary>
    public void PublishTime(Stamp time)
    {
        foreach (var session in _snapshot) session.Queue.SetTime(Unsigned(time));
    }

    /// <summary>Tells the clients that subscribed to them what parameters are now.</summary>
    public void PublishParameters(IReadOnlyList<FoxgloveParameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var session in _snapshot) session.SendParameters(parameters);
    }

    /// <summary>Tells every client that speaks <see cref="FoxgloveProtocol.Sdk"/> where the playback is.</summary>
    public void PublishPlayback(in FoxglovePlaybackState state)
    {
        int id = Encoding.UTF8.GetByteCount(state.RequestId);
        var data = new byte[19 + id];
        data[0] = FoxgloveProtocol.PlaybackState;
        data[1] = (byte)state.Status;
        BinaryPrimitives.WriteUInt64LittleEndian(data.AsSpan(2), Unsigned(state.Time));
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(10), state.Speed);
        data[14] = (byte)(state.DidSeek ? 1 : 0);
        BinaryPrimitives.WriteInt32LittleEndian(data.AsSpan(15), id);
        Encoding.UTF8.GetBytes(state.RequestId, data.AsSpan(19));
        foreach (var session in _snapshot)
        {
            if (session.Protocol == FoxgloveProtocol.Sdk) session.Send(data, false);
        }
    }

    /// <summary>Tells every client something; a status with the same id replaces the one before.</summary>
    public void PublishStatus(FoxgloveStatusLevel level, string message, string? id = null)
    {
        byte[] text = ServerJson.Status(level, message, id);
        foreach (var session in _snapshot) session.Send(text);
    }

    /// <summary>Takes a status back.</summary>
    public void RemoveStatus(string id)
    {
        byte[] text = ServerJson.RemoveStatus(id);
        foreach (var session in _snapshot) session.Send(text);
    }

    /// <summary>Adds a service and announces it.</summary>
    /// <returns>The service with its id.</returns>
    public FoxgloveService AddService(FoxgloveService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            var known = service with { Id = _nextService++ };
            _services.Add(known);
            Broadcast(ServerJson.AdvertiseServices([known]));
            return known;
        }
    }

    /// <summary>Removes a service and tells the clients. Unknown ids are ignored.</summary>
    public void RemoveService(uint id)
    {
        lock (_gate)
        {
            if (_services.RemoveAll(s => s.Id == id) > 0) Broadcast(ServerJson.UnadvertiseServices(id));
        }
    }

    /// <summary>Sets who publishes, subscribes and serves what; clients that draw it get the difference.</summary>
    public void SetGraph(FoxgloveGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        lock (_gate)
        {
            if (ServerJson.Graph(_graph, graph) is { } update)
            {
                foreach (var session in _sessions.Where(s => s.WantsGraph)) session.Send(update);
            }
            _graph = graph;
        }
    }

    internal FoxgloveService? FindService(uint id)
    {
        lock (_gate) return _services.Find(s => s.Id == id);
    }

    internal void StartGraph(FoxgloveSession session)
    {
        lock (_gate)
        {
            session.WantsGraph = true;
            if (ServerJson.Graph(FoxgloveGraph.Empty, _graph) is { } all) session.Send(all);
        }
    }

    internal bool Subscribe(FoxgloveSession session, uint channel, uint subscription)
    {
        lock (_gate)
        {
            if (Find(channel) is not { } known || session.IsClosed) return false;
            known.Add(session, subscription);
            return true;
        }
    }

    internal void Unsubscribe(FoxgloveSession session, uint channel)
    {
        lock (_gate) Find(channel)?.Remove(session);
    }

    internal void Disconnect(FoxgloveSession session)
    {
        lock (_gate)
        {
            if (!_sessions.Remove(session)) return;
            _snapshot = [.. _sessions];
            foreach (var channel in _channels) channel?.Remove(session);
        }
    }

    /// <summary>The protocol's times are unsigned; "never" and what lies before the origin become 0.</summary>
    internal static ulong Unsigned(Stamp time) => (ulong)Math.Max(0, time.Nanoseconds);

    private ServerChannel? Find(uint id)
    {
        var channels = _channels;
        return id - 1 < (uint)channels.Length ? channels[id - 1] : null;
    }

    private void Broadcast(byte[] text)
    {
        foreach (var session in _sessions) session.Send(text);
    }

    private List<string> Capabilities(bool control)
    {
        List<string> list = ["connectionGraph"];
        if (Options.SendsTime) list.Add("time");
        if (Options.HasParameters) list.AddRange(["parameters", "parametersSubscribe"]);
        if (control && Options.HasClientPublish) list.Add("clientPublish");
        if (_services.Count > 0) list.Add("services");
        if (Options.HasAssets) list.Add("assets");
        if (Options.HasPlayback) list.Add("playbackControl");
        return list;
    }
}
