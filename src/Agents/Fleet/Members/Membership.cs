namespace EdgeAutonomy.Agents;

/// <summary>Who is there, by beacons, statuses and wills, on this robot's monotonic clock (docs/fleet.md, membership).</summary>
/// <remarks>A will is a hint: it counts only for the incarnation it names and until the next beacon. One thread; told everything.</remarks>
public sealed class Membership
{
    private readonly SortedList<string, Member> _members = new(StringComparer.Ordinal);
    private readonly MemberOptions _options;
    private readonly Action<Member, MemberChange> _changed;

    /// <summary>Makes a membership without members.</summary>
    /// <param name="options">When a silent robot counts as what.</param>
    /// <param name="changed">Told of every change, while it is noticed.</param>
    public Membership(MemberOptions options, Action<Member, MemberChange> changed)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(changed);
        (_options, _changed) = (options, changed);
    }

    /// <summary>Gets the members in the order of their names.</summary>
    public IList<Member> Members => _members.Values;

    /// <summary>Gets when <see cref="Update"/> may change something.</summary>
    public Stamp NextDue { get; private set; } = new(long.MaxValue / 2);

    /// <summary>Gets how many messages were old or copies.</summary>
    public long Stale { get; internal set; }

    /// <summary>Gets how many came from robots beyond the capacity.</summary>
    public long Overflow { get; private set; }

    internal FleetMutation Mutation { get; set; }

    /// <summary>Finds a member; null = not met.</summary>
    public Member? Find(string robot) => _members.GetValueOrDefault(robot);

    /// <summary>Notes that a message names an incarnation.</summary>
    /// <param name="robot">Whose, from the topic.</param>
    /// <param name="incarnation">Which.</param>
    /// <param name="now">The robot's monotonic time.</param>
    /// <param name="fresh">Whether it proves that the robot lives: false for retained messages and wills.</param>
    /// <returns>The member; null when the incarnation is one that ended, or the capacity is used up.</returns>
    public Member? Hear(string robot, uint incarnation, Stamp now, bool fresh)
    {
        if (!_members.TryGetValue(robot, out var member))
        {
            if (_members.Count >= _options.Capacity)
            {
                Overflow++;
                return null;
            }
            member = new Member(robot, now) { Incarnation = incarnation };
            _members.Add(robot, member);
            NextDue = now;
            _changed(member, MemberChange.Met);
        }
        if (incarnation < member.Incarnation)
        {
            Stale++;
            return null;
        }
        if (incarnation > member.Incarnation)
        {
            member.Incarnation = incarnation;
            (member.Presence, member.PresenceAt) = (RobotPresence.Unknown, Stamp.Never);
            _changed(member, MemberChange.Reborn);
        }
        if (fresh) Evident(member, now);
        return member;
    }

    /// <summary>Notes news of a robot that came through another one.</summary>
    public void Evident(Member member, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(member);
        member.EvidenceAt = now;
        member.IsLost = false;
        NextDue = Stamp.Never;
    }

    /// <summary>Takes a beacon.</summary>
    /// <param name="robot">Whose, from the topic.</param>
    /// <param name="beacon">What it says.</param>
    /// <param name="now">The robot's monotonic time.</param>
    /// <param name="mayMiss">Whether numbers in between are those of beacons for others, and no gaps.</param>
    /// <returns>Whether it was new.</returns>
    public bool OnBeacon(string robot, in Beacon beacon, Stamp now, bool mayMiss = false)
    {
        if (Hear(robot, beacon.Prefix.Incarnation, now, false) is not { } member) return false;
        if (!member.BeaconMark.Accept(beacon.Prefix.Incarnation, beacon.Prefix.Sequence, out ulong gap))
        {
            Stale++;
            return false;
        }
        if (!mayMiss) member.Gaps += gap;
        member.Take(beacon, now);
        Evident(member, now);
        Judge(member, now);
        return true;
    }

    /// <summary>Takes a status, own words or will.</summary>
    /// <returns>Whether it was new.</returns>
    public bool OnStatus(string robot, in FleetEnvelope envelope, in StatusMessage status, bool retained, Stamp now)
    {
        Member? member = null;
        if (Mutation == FleetMutation.WillsOfAnyIncarnation) member = Find(robot);
        bool fresh = !retained && status.Presence == RobotPresence.Online;
        member ??= Hear(robot, envelope.Incarnation, now, fresh);
        if (member is null) return false;
        if (!member.StatusMark.Accept(envelope.Incarnation, envelope.Sequence, out _) && Mutation != FleetMutation.WillsOfAnyIncarnation)
        {
            Stale++;
            return false;
        }
        (member.Presence, member.PresenceAt, member.Software, member.VoterOf) = (status.Presence, now, status.Software, status.VoterOf);
        Judge(member, now);
        return true;
    }

    /// <summary>Lets time pass.</summary>
    public void Update(Stamp now)
    {
        if (now < NextDue) return;
        NextDue = new Stamp(long.MaxValue / 2);
        for (int i = 0; i < _members.Count; i++) Judge(_members.Values[i], now);
    }

    private void Judge(Member member, Stamp now)
    {
        var period = member.Beacon.Period;
        var suspectAfter = Duration.Max(period * _options.PeriodsToSuspect, new Duration(1_000_000_000));
        var deadAfter = Duration.Max(_options.DeadAfter, period * 5);
        // Known by hearsay or by an old retained message only: give it the time of a live one to show itself.
        var last = member.BeaconAt == Stamp.Never ? member.MetAt : member.BeaconAt;
        bool left = member.Presence is RobotPresence.Broken or RobotPresence.Offline && member.PresenceAt >= member.BeaconAt;
        var state = left || now - last >= deadAfter ? MemberState.Dead : member.BeaconAt == Stamp.Never || now - last >= suspectAfter ? MemberState.Suspect : MemberState.Alive;
        bool lost = (left && member.PresenceAt >= member.EvidenceAt) || now - member.EvidenceAt >= Duration.Max(_options.LostAfter, deadAfter);
        if (state != member.State)
        {
            member.State = state;
            _changed(member, MemberChange.State);
        }
        if (lost && !member.IsLost)
        {
            member.IsLost = true;
            _changed(member, MemberChange.Lost);
        }
        else if (!lost) member.IsLost = false;
        if (!lost) Due(member.EvidenceAt + Duration.Max(_options.LostAfter, deadAfter), now);
        if (state == MemberState.Alive) Due(last + suspectAfter, now);
        else if (state == MemberState.Suspect) Due(last + deadAfter, now);
    }

    private void Due(Stamp at, Stamp now)
    {
        if (at > now && at < NextDue) NextDue = at;
    }
}
