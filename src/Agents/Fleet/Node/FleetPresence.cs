using System.Buffers;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Who a robot is on this start of its program: its incarnation, and what is said about its being there. Made before the link, which asks it for will, birth and farewell.</summary>
/// <remarks>Thread-safe: links ask from their own threads.</remarks>
public sealed class FleetPresence
{
    // Numbers of one connection lie together; the will has the last of them, so that it counts against the birth of its own connection and not against the next.
    private const int ConnectionBits = 20;
    private const long SecondsTo2020 = 1_577_836_800;
    private readonly Lock _gate = new();
    private readonly IPromiseStore _store;
    private readonly TimeProvider _wall;
    private readonly string _software;
    private readonly ulong _capabilities;
    private readonly uint _voter;
    private ulong _connection, _number;
    private long _lastWall = long.MinValue;

    /// <summary>Takes a new incarnation and keeps it.</summary>
    /// <param name="topics">The topics of the robot.</param>
    /// <param name="store">Its promises.</param>
    /// <param name="wall">The wall clock.</param>
    /// <param name="software">The software, for people; up to 256 characters.</param>
    /// <param name="capabilities">A hash of what the robot can do.</param>
    /// <exception cref="IOException">The incarnation could not be kept: the robot could not be told from its earlier starts.</exception>
    public FleetPresence(FleetTopics topics, IPromiseStore store, TimeProvider wall, string software = "", ulong capabilities = 0)
    {
        ArgumentNullException.ThrowIfNull(topics);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(wall);
        (Topics, _store, _wall, _software, _capabilities) = (topics, store, wall, UntrustedText.Clean(software, FleetJson.MaxText), capabilities);
        _voter = store.TryGet(PromiseKeys.Admitted, out var admitted) ? (uint)admitted.Number : 0;
        // A robot whose disk is new may have been here before: the clock on the wall gives a number above any that counts starts from such a number.
        // Whole seconds, because two lives of one incarnation would share votes: nobody changes a disk within one.
        uint floor = (uint)Math.Clamp(wall.GetUtcNow().ToUnixTimeSeconds() - SecondsTo2020, 1, uint.MaxValue - 1_000_000);
        Incarnation = store.TryGet(PromiseKeys.Incarnation, out var kept) ? (uint)kept.Number + 1 : floor;
        if (!store.TryPut(PromiseKeys.Incarnation, new Promise(Incarnation, "")))
            throw new IOException($"Robot '{topics.Robot}': incarnation {Incarnation} could not be kept; the fleet could not tell this start from the last. Check the disk.");
    }

    /// <summary>Gets the topics.</summary>
    public FleetTopics Topics { get; }

    /// <summary>Gets the incarnation.</summary>
    public uint Incarnation { get; private set; }

    /// <summary>Returns what the broker says when the link is lost. For <see cref="LinkOptions.Will"/>.</summary>
    public WillMessage Will()
    {
        lock (_gate)
        {
            _connection++;
            _number = 0;
            return new WillMessage(Topics.Status, Encode(RobotPresence.Broken, (_connection + 1 << ConnectionBits) - 1));
        }
    }

    /// <summary>Returns what is said after every connection. For <see cref="LinkOptions.Birth"/>.</summary>
    public (LinkTopic Topic, byte[] Payload, PublishOptions Options) Birth() => Say(RobotPresence.Online);

    /// <summary>Returns what is said before leaving. For <see cref="LinkOptions.Farewell"/>.</summary>
    public (LinkTopic Topic, byte[] Payload, PublishOptions Options) Farewell() => Say(RobotPresence.Offline);

    /// <summary>Returns the time for messages: the wall clock, never going back.</summary>
    public long WallNs()
    {
        lock (_gate) return NextWall();
    }

    // The wall clock as it is, jumps and all: for the mutation of leases only.
    internal long RawWallNs() => (_wall.GetUtcNow().UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;

    /// <summary>Says again that the robot is there, above a will that was already published.</summary>
    internal (LinkTopic Topic, byte[] Payload, PublishOptions Options) Again()
    {
        lock (_gate)
        {
            _connection++;
            _number = 0;
        }
        return Say(RobotPresence.Online);
    }

    /// <summary>Takes an incarnation above one that was seen in the robot's own name: its disk was lost and its clock is wrong, or an old disk was put back.</summary>
    internal bool TryRise(uint seen)
    {
        lock (_gate)
        {
            if (seen < Incarnation || seen == uint.MaxValue || !_store.TryPut(PromiseKeys.Incarnation, new Promise(seen + 1, ""))) return false;
            Incarnation = seen + 1;
            return true;
        }
    }

    private (LinkTopic, byte[], PublishOptions) Say(RobotPresence presence)
    {
        lock (_gate)
        {
            ulong sequence = (_connection << ConnectionBits) + ++_number;
            return (Topics.Status, Encode(presence, sequence), new PublishOptions(PublishClass.State, Retain: true));
        }
    }

    private byte[] Encode(RobotPresence presence, ulong sequence)
    {
        var bytes = new ArrayBufferWriter<byte>(160);
        using var json = new Utf8JsonWriter(bytes);
        new StatusMessage(presence, _software, _capabilities, _voter).Write(json, new FleetEnvelope(Incarnation, sequence, 0, NextWall()));
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    // Receivers reckon with offsets: a step back would look like a message from the past.
    private long NextWall()
    {
        long now = RawWallNs();
        return _lastWall = now > _lastWall ? now : _lastWall + 1_000_000;
    }
}
