using System.Buffers.Binary;

namespace EdgeAutonomy.Agents;

/// <summary>Follows the monotonic clocks of neighbours and of the coordinator: exchanges of four timestamps over the fleet's link, each robot writing in its own subtree only.</summary>
/// <remarks>
/// <para>Asks on <c>r/ROBOT/rpc/time.TARGET</c>, tells on <c>r/TARGET/rpc/told.ROBOT</c>. The clock is read at the moment of sending and of receiving: a reading from before a message arrived would make ways seem shorter than they are, and the
/// bound wrong. A peer that starts again has another clock: its exchanges before are dropped.</para>
/// <para>Deterministic, one thread; the node drives it; 0 bytes per exchange once a peer is known.</para>
/// </remarks>
public sealed class ClockStream : IFleetStream
{
    private const int AskBytes = FleetPrefix.Size + 8, TellBytes = FleetPrefix.Size + 32;
    private static readonly Duration Look = Duration.FromMilliseconds(500);
    private static readonly PublishOptions Options = new(PublishClass.Beacon, ExpirySeconds: 1);

    private readonly SortedDictionary<string, Peer> _peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tells = new(StringComparer.Ordinal);
    private readonly FleetNode _node;
    private readonly ClockStreamOptions _options;
    private readonly Func<Stamp> _clock;
    private readonly RandomStream _random;
    private readonly byte[] _bytes = new byte[TellBytes];
    private Stamp _lookAt = Stamp.Never;

    /// <summary>Makes a stream and adds it to the node, as <c>rpc</c>.</summary>
    /// <param name="node">The node.</param>
    /// <param name="clock">Reads the monotonic clock that the node is stepped with.</param>
    /// <param name="seed">Seed of the jitter.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the node has such a stream.</exception>
    public ClockStream(FleetNode node, Func<Stamp> clock, ulong seed, ClockStreamOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(clock);
        (_node, _clock, _options) = (node, clock, options ?? new ClockStreamOptions());
        if (!(_options.Radius >= 0) || _options.MaxNeighbours is < 0 or > 1024 || _options.NeighbourPeriod.Nanoseconds <= 0 || _options.CoordinatorPeriod.Nanoseconds <= 0 || _options.Retry.Nanoseconds <= 0)
            throw new ArgumentException($"Clock stream: radius {_options.Radius} m, {_options.MaxNeighbours} neighbours, periods {_options.NeighbourPeriod} and {_options.CoordinatorPeriod}, retry {_options.Retry}; must be >= 0, in [0, 1024], > 0, > 0, > 0.", nameof(options));
        _random = RandomStream.For(seed, node.Robot + "/clock");
        node.Add("rpc", $"rpc/time.{node.Robot}", this, new SubscribeOptions(InboxQueue.Commands, 0));
        node.Listen($"rpc/told.{node.Robot}", new SubscribeOptions(InboxQueue.Commands, 0));
    }

    /// <summary>Gets how many exchanges were completed.</summary>
    public long Exchanges { get; private set; }

    /// <summary>Gets how many answers came late, doubled or to no question.</summary>
    public long Ignored { get; private set; }

    /// <inheritdoc/>
    public Stamp NextDue => _lookAt;

    /// <summary>Returns how a robot's monotonic clock stands against ours.</summary>
    /// <param name="robot">The robot.</param>
    /// <param name="now">Now, on our clock.</param>
    /// <param name="offset">Its clock minus ours, and by how much that may be wrong.</param>
    /// <returns>False before the first exchange with this start of it.</returns>
    public bool TryOffset(string robot, Stamp now, out ClockOffset offset)
    {
        offset = default;
        return _peers.TryGetValue(robot, out var peer) && _node.Members.Find(robot)?.Incarnation == peer.Incarnation && peer.Estimator.TryEstimate(now, out offset);
    }

    /// <inheritdoc/>
    public bool Receive(in FleetMessage message)
    {
        if (!FleetPrefix.TryRead(message.Payload, out var prefix)) return false;
        if (prefix.Kind == FleetKind.TimeAsk && message.Payload.Length >= AskBytes) OnAsk(message, prefix);
        else if (prefix.Kind == FleetKind.TimeTell && message.Payload.Length >= TellBytes) OnTell(message, prefix);
        else return false;
        return true;
    }

    /// <inheritdoc/>
    public void Step(Stamp now)
    {
        if (now < _lookAt) return;
        _lookAt = now + Look;
        var members = _node.Members.Members;
        int neighbours = 0;
        for (int i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (member.State != MemberState.Alive) continue;
            bool near = neighbours < _options.MaxNeighbours && IsNear(member);
            if (near) neighbours++;
            if (near || member.Robot == _node.Coordinator) AskWhenDue(member, near ? _options.NeighbourPeriod : _options.CoordinatorPeriod, now);
        }
    }

    private bool IsNear(Member member)
    {
        var own = _node.Pose;
        ref readonly var other = ref member.Beacon;
        return other.Map == own.Map && new Vector2D(other.X - own.X, other.Y - own.Y).LengthSquared <= _options.Radius * _options.Radius;
    }

    private void AskWhenDue(Member member, Duration period, Stamp now)
    {
        if (!_peers.TryGetValue(member.Robot, out var peer) || peer.Incarnation != member.Incarnation)
            _peers[member.Robot] = peer = new Peer("rpc/time." + member.Robot, member.Incarnation, new ClockOffsetEstimator(_options.RateError));
        // A neighbour that was the coordinator only must not wait for the long period to end.
        if (now < peer.NextAt && now < peer.AskedAt + period * 6 / 5) return;
        peer.NextAt = now + new Duration((long)(period.Nanoseconds * _random.NextDouble(0.8, 1.2)));
        if (peer.NextAt > now + _options.Retry) (peer.PeriodAt, peer.NextAt) = (peer.NextAt, now + _options.Retry);
        else peer.PeriodAt = peer.NextAt;
        var envelope = _node.Envelope(peer.Ask);
        peer.Number = envelope.Sequence;
        peer.AskedAt = _clock();
        new FleetPrefix(FleetKind.TimeAsk, FleetFlags.None, envelope.Incarnation, envelope.Sequence, 0, envelope.WallNs).Write(_bytes);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(FleetPrefix.Size), peer.AskedAt.Nanoseconds);
        _node.Post(peer.Ask, _bytes.AsSpan(0, AskBytes), Options);
    }

    private void OnAsk(in FleetMessage message, in FleetPrefix asked)
    {
        var received = _clock();
        if (_node.Members.Hear(message.From, asked.Incarnation, message.Now, fresh: true) is null) return;
        if (!_tells.TryGetValue(message.From, out string? below)) _tells.Add(message.From, below = "rpc/told." + message.From);
        var envelope = _node.Envelope(below);
        new FleetPrefix(FleetKind.TimeTell, FleetFlags.None, envelope.Incarnation, envelope.Sequence, 0, envelope.WallNs).Write(_bytes);
        var body = _bytes.AsSpan(FleetPrefix.Size);
        BinaryPrimitives.WriteUInt64LittleEndian(body, asked.Sequence);
        message.Payload.Slice(FleetPrefix.Size, 8).CopyTo(body[8..]);
        BinaryPrimitives.WriteInt64LittleEndian(body[16..], received.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(body[24..], _clock().Nanoseconds);
        _node.Post(below, _bytes.AsSpan(0, TellBytes), Options);
    }

    private void OnTell(in FleetMessage message, in FleetPrefix told)
    {
        var returned = _clock();
        if (_node.Members.Hear(message.From, told.Incarnation, message.Now, fresh: true) is null) return;
        var body = message.Payload[FleetPrefix.Size..];
        if (!_peers.TryGetValue(message.From, out var peer) || peer.Incarnation != told.Incarnation || peer.Number == 0
            || BinaryPrimitives.ReadUInt64LittleEndian(body) != peer.Number || BinaryPrimitives.ReadInt64LittleEndian(body[8..]) != peer.AskedAt.Nanoseconds)
        {
            Ignored++;
            return;
        }
        peer.Number = 0;
        peer.NextAt = peer.PeriodAt;
        Stamp received = new(BinaryPrimitives.ReadInt64LittleEndian(body[16..])), answered = new(BinaryPrimitives.ReadInt64LittleEndian(body[24..]));
        if (peer.Estimator.Add(peer.AskedAt, received, answered, returned)) Exchanges++;
    }

    private sealed class Peer(string ask, uint incarnation, ClockOffsetEstimator estimator)
    {
        public string Ask { get; } = ask;

        public uint Incarnation { get; } = incarnation;

        public ClockOffsetEstimator Estimator { get; } = estimator;

        public Stamp AskedAt { get; set; } = Stamp.Never;

        public Stamp NextAt { get; set; } = Stamp.Never;

        public Stamp PeriodAt { get; set; } = Stamp.Never;

        public ulong Number { get; set; }
    }
}
