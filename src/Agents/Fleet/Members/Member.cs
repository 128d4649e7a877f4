namespace EdgeAutonomy.Agents;

/// <summary>Another robot, as seen from this one.</summary>
/// <remarks>Owned by <see cref="Membership"/>; read it between two steps of the node.</remarks>
public sealed class Member
{
    internal StreamMark StatusMark, BeaconMark, CbbaMark, HeartbeatMark, AckMark;
    private Beacon _beacon;

    internal Member(string robot, Stamp now)
    {
        Robot = robot;
        MetAt = EvidenceAt = now;
    }

    /// <summary>Gets the robot's name.</summary>
    public string Robot { get; }

    /// <summary>Gets the greatest incarnation heard of.</summary>
    public uint Incarnation { get; internal set; }

    /// <summary>Gets what was last said about its being there.</summary>
    public RobotPresence Presence { get; internal set; }

    /// <summary>Gets when that was said.</summary>
    public Stamp PresenceAt { get; internal set; } = Stamp.Never;

    /// <summary>Gets how alive it looks.</summary>
    public MemberState State { get; internal set; } = MemberState.Suspect;

    /// <summary>Gets whether nobody has heard of it for so long that its tasks are free.</summary>
    public bool IsLost { get; internal set; }

    /// <summary>Gets the last beacon; default before the first.</summary>
    public ref readonly Beacon Beacon => ref _beacon;

    /// <summary>Gets when it came; <see cref="Stamp.Never"/> = none yet.</summary>
    public Stamp BeaconAt { get; private set; } = Stamp.Never;

    /// <summary>Gets when anything new was heard of it, from itself or through others.</summary>
    public Stamp EvidenceAt { get; internal set; }

    /// <summary>Gets the software it runs, as it says.</summary>
    public string Software { get; internal set; } = "";

    /// <summary>Gets the roster in which it is admitted as a voter; 0 = it is not.</summary>
    public uint VoterOf { get; internal set; }

    /// <summary>Gets how many of its messages were missed, by their numbers.</summary>
    public ulong Gaps { get; internal set; }

    internal Stamp MetAt { get; }

    internal void Take(in Beacon beacon, Stamp now)
    {
        _beacon = beacon;
        BeaconAt = EvidenceAt = now;
    }
}
