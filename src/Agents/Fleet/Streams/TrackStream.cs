namespace EdgeAutonomy.Agents;

/// <summary>Shares what robots see: sends what the own sensors found five times a second, and joins what the others send with it in one <see cref="TrackTable"/>.</summary>
/// <remarks>
/// <para>Only own findings are sent, never what came from others: an object that nobody sees any more is forgotten by all, instead of being handed round for ever. What arrives is brought to our clock by <see cref="ClockStream"/>; of a
/// robot whose clock is not known, or known too badly to tell how old a track is, nothing is taken, and that is counted.</para>
/// <para>Deterministic, one thread; the node drives it; 0 bytes per message once a sender is known.</para>
/// </remarks>
public sealed class TrackStream : IFleetStream
{
    /// <summary>The period of sending.</summary>
    public static readonly Duration Period = Duration.FromMilliseconds(200);

    private readonly SortedDictionary<string, Mark> _marks = new(StringComparer.Ordinal);
    private readonly ObjectTrack[] _own = new ObjectTrack[TrackWire.MaxTracks], _read = new ObjectTrack[TrackWire.MaxTracks];
    private readonly byte[] _bytes = new byte[TrackWire.MaxBytes];
    private readonly FleetNode _node;
    private readonly ClockStream _clocks;
    private readonly TrackOptions _options;
    private Stamp _sendAt = Stamp.Never, _seenAt = Stamp.Never;
    private int _count;

    /// <summary>Makes a stream and adds it to the node, as <c>tracks</c>.</summary>
    /// <param name="node">The node.</param>
    /// <param name="clocks">How the others' clocks stand.</param>
    /// <param name="options">How tracks are joined.</param>
    public TrackStream(FleetNode node, ClockStream clocks, TrackOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(clocks);
        (_node, _clocks, _options) = (node, clocks, options ?? new TrackOptions());
        Table = new TrackTable(_options);
        node.Add("tracks", "tracks", this, new SubscribeOptions(InboxQueue.Latest, 0));
    }

    /// <summary>Gets what is known of objects.</summary>
    public TrackTable Table { get; }

    /// <summary>Gets how many messages came from robots whose clocks are not known well enough.</summary>
    public long Unsynchronised { get; private set; }

    /// <summary>Gets how many messages were old or copies.</summary>
    public long Stale { get; private set; }

    /// <summary>Gets how many own tracks did not fit a message.</summary>
    public long Overflowed { get; private set; }

    /// <inheritdoc/>
    public Stamp NextDue => _sendAt;

    /// <summary>Takes what the own sensors see now; replaces what they saw before.</summary>
    /// <param name="tracks">The tracks; at most <see cref="TrackWire.MaxTracks"/> are taken.</param>
    /// <param name="now">The robot's monotonic time.</param>
    public void Observe(ReadOnlySpan<ObjectTrack> tracks, Stamp now)
    {
        _count = Math.Min(tracks.Length, _own.Length);
        Overflowed += tracks.Length - _count;
        tracks[.._count].CopyTo(_own);
        _seenAt = now;
        Table.Merge(_own.AsSpan(0, _count), Duration.Zero, now);
    }

    /// <inheritdoc/>
    public bool Receive(in FleetMessage message)
    {
        if (!TrackWire.TryRead(message.Payload, out var header, _read, out int count, out _)) return false;
        if (_node.Members.Hear(message.From, header.Inc, message.Now, fresh: !message.Retained) is null) return true;
        if (!_marks.TryGetValue(message.From, out var mark)) _marks.Add(message.From, mark = new Mark());
        if (!mark.Seen.Accept(header.Inc, header.Seq, out _)) Stale++;
        else if (!_clocks.TryOffset(message.From, message.Now, out var offset) || offset.Bound > _options.MaxAge / 2) Unsynchronised++;
        else Table.Merge(_read.AsSpan(0, count), offset.Offset, message.Now);
        return true;
    }

    /// <inheritdoc/>
    public void Step(Stamp now)
    {
        if (now < _sendAt) return;
        _sendAt = now + Period;
        Table.Advance(now);
        if (_count == 0 || now - _seenAt > _options.MaxAge) return;
        var envelope = _node.Envelope("tracks");
        int length = TrackWire.Write(new TrackHeader(envelope.Incarnation, envelope.Sequence, envelope.WallNs), _own.AsSpan(0, _count), _bytes);
        _node.Post("tracks", _bytes.AsSpan(0, length), new PublishOptions(PublishClass.Beacon, ExpirySeconds: 1));
    }

    private sealed class Mark
    {
        public StreamMark Seen;
    }
}
