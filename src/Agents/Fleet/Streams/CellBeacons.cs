namespace EdgeAutonomy.Agents;

/// <summary>Beacons for those near: published in the robot's cell, heard from the nine around, as often as what is near asks for.</summary>
/// <remarks>
/// <para>A fleet in which everybody hears everybody needs N² messages; with cells, each robot hears its surroundings only. Made by <see cref="FleetNode"/> where <see cref="FleetOptions.Interest"/> is set.</para>
/// <para>Links tell nothing about acknowledged subscriptions. Those counts as in force when the link has been up for <see cref="Acknowledge"/> since they were made: until then cells left behind stay subscribed and the surroundings count as
/// unknown. Deterministic, one thread.</para>
/// </remarks>
public sealed class CellBeacons
{
    /// <summary>After how long on a link that is up a subscription counts as in force.</summary>
    public static readonly Duration Acknowledge = Duration.FromSeconds(1);

    // How often neighbours are looked at between two beacons.
    private static readonly Duration Look = Duration.FromMilliseconds(100), Fresh = Duration.FromSeconds(2.5);
    private readonly Dictionary<InterestCell, LinkTopic> _topics = [];
    private readonly List<InterestCell> _asked = [];
    private readonly IMqttLink _link;
    private readonly FleetVoice _voice;
    private readonly Membership _members;
    private readonly byte[] _bytes = new byte[Beacon.Size];
    private Stamp _askedAt = Stamp.Never, _lookAt = Stamp.Never;
    private int _connections;
    private byte _mode;
    private bool _stopped;

    internal CellBeacons(IMqttLink link, FleetVoice voice, Membership members, InterestOptions options)
        => (_link, _voice, _members, Area) = (link, voice, members, new InterestArea(options));

    /// <summary>Gets the cells.</summary>
    public InterestArea Area { get; }

    /// <summary>Gets the rate of the beacons.</summary>
    public BeaconRate Rate { get; } = new();

    /// <summary>Gets metres to the border of the nearest robot heard of; infinite = none.</summary>
    public double Nearest { get; private set; } = double.PositiveInfinity;

    /// <summary>Returns whether everybody within the radius has been heard of; drive slowly while not.</summary>
    public bool IsKnown(Stamp now) => Area.IsKnown(BeaconRate.Slow, now);

    internal Stamp NextDue => _lookAt;

    internal void Step(in Beacon pose, Stamp now)
    {
        NoticeConnection(now);
        bool stopped = (pose.Prefix.Flags & FleetFlags.EmergencyStop) != 0;
        if (now < _lookAt && pose.Mode == _mode && stopped == _stopped) return;
        (_mode, _stopped) = (pose.Mode, stopped);
        // A robot that does not know where it is cannot choose a cell; the others hear of it by its slow beacon.
        if ((pose.Prefix.Flags & FleetFlags.Localised) == 0)
        {
            _lookAt = now + Look;
            return;
        }
        Area.OnPosition(pose.Map, new Vector2D(pose.X, pose.Y), now);
        Subscribe(now);
        LookAround(pose, now, out var collision);
        Rate.Update(pose.Mode, stopped, new Vector2D(pose.VelocityX, pose.VelocityY).Length, Nearest, collision);
        if (Area.TakeAnnouncement()) Rate.Announce();
        if (Rate.TakeDue(now)) Send(pose);
        _lookAt = now + Look;
    }

    private void NoticeConnection(Stamp now)
    {
        var status = _link.Status;
        if (status.Connections != _connections)
        {
            if (_connections > 0) Area.OnReconnected(now);
            (_connections, _askedAt) = (status.Connections, now);
        }
        if (status.State != LinkState.Up) _askedAt = now;
    }

    private void Subscribe(Stamp now)
    {
        if (now - _askedAt >= Acknowledge)
        {
            foreach (var cell in _asked) Area.OnSubscribed(cell, now);
        }
        while (Area.TryTake(out var change))
        {
            var filter = _voice.Presence.Topics.Filter($"cell/{change.Cell.Levels}/+");
            if (change.Subscribe)
            {
                _link.Subscribe(filter, new SubscribeOptions(InboxQueue.Latest, 0));
                _asked.Add(change.Cell);
                _askedAt = now;
            }
            else
            {
                _link.Unsubscribe(filter);
                _asked.Remove(change.Cell);
                _topics.Remove(change.Cell);
            }
        }
    }

    private void LookAround(in Beacon pose, Stamp now, out Duration collision)
    {
        (Nearest, collision) = (double.PositiveInfinity, Duration.Unlimited);
        var members = _members.Members;
        for (int i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (member.BeaconAt == Stamp.Never || now - member.BeaconAt > Fresh) continue;
            ref readonly var other = ref member.Beacon;
            if (other.Map != pose.Map) continue;
            double age = (now - member.BeaconAt).Seconds, reach = other.Radius + pose.Radius;
            var offset = new Vector2D(other.X + other.VelocityX * age - pose.X, other.Y + other.VelocityY * age - pose.Y);
            Nearest = Math.Min(Nearest, Math.Max(0, offset.Length - reach));
            collision = Duration.Min(collision, BeaconRate.TimeToCollision(offset, new Vector2D(other.VelocityX - pose.VelocityX, other.VelocityY - pose.VelocityY), reach));
        }
    }

    private void Send(in Beacon pose)
    {
        if (!_topics.TryGetValue(Area.Cell, out var topic)) _topics.Add(Area.Cell, topic = LinkTopic.Parse($"{_voice.Presence.Topics.Root}cell/{Area.Cell.Levels}/{_voice.Presence.Topics.Robot}"));
        var envelope = _voice.Next(_voice.Stream("beacon"));
        var prefix = new FleetPrefix(FleetKind.Beacon, Beacon.WithPeriod(pose.Prefix.Flags, Rate.Period), envelope.Incarnation, envelope.Sequence, 0, envelope.WallNs);
        (pose with { Prefix = prefix }).Write(_bytes);
        _voice.Send(topic, _bytes, new PublishOptions(PublishClass.Beacon, ExpirySeconds: 1));
    }
}
