using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class MembershipTests
{
    private readonly List<(string, MemberChange)> _changes = [];

    [Fact]
    public void OnBeacon_ThenSilence_IsSuspectThenDeadThenLost()
    {
        var members = Make();
        members.OnBeacon("a", Beacon(1, 1), At(0));
        var a = members.Find("a")!;
        Assert.Equal(MemberState.Alive, a.State);
        foreach (var (seconds, state, lost) in new[] { (2.9, MemberState.Alive, false), (3.0, MemberState.Suspect, false), (4.9, MemberState.Suspect, false), (5.0, MemberState.Dead, false), (7.9, MemberState.Dead, false), (8.0, MemberState.Dead, true) })
        {
            members.Update(At(seconds));
            Assert.Equal((state, lost), (a.State, a.IsLost));
        }
        members.OnBeacon("a", Beacon(1, 2), At(9));
        Assert.Equal((MemberState.Alive, false), (a.State, a.IsLost));
    }

    [Fact]
    public void OnStatus_WillOfEarlierIncarnation_DoesNotKillTheNewOne()
    {
        var members = WillOfEarlierIncarnation(FleetMutation.None);
        Assert.Equal(MemberState.Alive, members.Find("a")!.State);
        // Negative control: without the rule it dies.
        Assert.Equal(MemberState.Dead, WillOfEarlierIncarnation(FleetMutation.WillsOfAnyIncarnation).Find("a")!.State);
    }

    [Fact]
    public void OnStatus_WillOfThisIncarnation_IsDeadUntilTheNextBeacon()
    {
        var members = Make();
        members.OnBeacon("a", Beacon(2, 1), At(0));
        members.OnStatus("a", new FleetEnvelope(2, 9, 0, 0), new StatusMessage(RobotPresence.Broken, "", 0, 0), false, At(0.5));
        Assert.Equal((MemberState.Dead, true), (members.Find("a")!.State, members.Find("a")!.IsLost));
        members.OnBeacon("a", Beacon(2, 2), At(1));
        Assert.Equal((MemberState.Alive, false), (members.Find("a")!.State, members.Find("a")!.IsLost));
    }

    [Fact]
    public void Will_OfAnEarlierConnection_ComesTooLate()
    {
        var wall = new FakeWall();
        var presence = new FleetPresence(new FleetTopics("s", "a"), new MemoryPromiseStore(), wall);
        var first = presence.Will();
        var birth = presence.Birth();
        presence.Will();
        var second = presence.Birth();
        var members = Make();
        foreach (var (payload, kept) in new[] { (birth.Payload, true), (second.Payload, true), (first.Payload, false), (birth.Payload, false) })
        {
            Assert.True(StatusMessage.TryRead(payload, out var envelope, out var status));
            Assert.Equal(kept, members.OnStatus("a", envelope, status, false, At(0)));
        }
        Assert.Equal(RobotPresence.Online, members.Find("a")!.Presence);
    }

    [Fact]
    public void Hear_GreaterIncarnation_IsRebornAndOldMessagesAreStale()
    {
        var members = Make();
        members.OnBeacon("a", Beacon(1, 7), At(0));
        Assert.True(members.OnBeacon("a", Beacon(2, 1), At(1)));
        Assert.Contains(("a", MemberChange.Reborn), _changes);
        Assert.False(members.OnBeacon("a", Beacon(1, 8), At(2)));
        Assert.False(members.OnBeacon("a", Beacon(2, 1), At(2)));
        Assert.True(members.OnBeacon("a", Beacon(2, 5), At(2)));
        Assert.Equal((3UL, 2L), (members.Find("a")!.Gaps, members.Stale));
    }

    [Fact]
    public void Hear_MoreRobotsThanCapacity_AreCountedAndDropped()
    {
        var members = new Membership(new MemberOptions { Capacity = 2 }, (_, _) => { });
        foreach (string robot in new[] { "a", "b", "c", "d" }) members.OnBeacon(robot, Beacon(1, 1), At(0));
        Assert.Equal((2, 2L), (members.Members.Count, members.Overflow));
    }

    [Fact]
    public void Presence_DiskKept_CountsUpAndDiskLost_TakesTheClock()
    {
        var (store, wall, topics) = (new MemoryPromiseStore(), new FakeWall(), new FleetTopics("s", "a"));
        uint first = new FleetPresence(topics, store, wall).Incarnation, second = new FleetPresence(topics, store, wall).Incarnation;
        Assert.Equal(first + 1, second);
        Assert.Equal((uint)(wall.GetUtcNow() - new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalSeconds, first);
        store.Refuse(true);
        Assert.Throws<IOException>(() => new FleetPresence(topics, store, wall));
    }

    private static Membership WillOfEarlierIncarnation(FleetMutation mutation)
    {
        var members = new Membership(new MemberOptions(), (_, _) => { }) { Mutation = mutation };
        members.OnBeacon("a", Beacon(2, 1), At(0));
        members.OnStatus("a", new FleetEnvelope(1, 99, 0, 0), new StatusMessage(RobotPresence.Broken, "", 0, 0), false, At(0.5));
        return members;
    }

    private Membership Make() => new(new MemberOptions(), (member, change) => _changes.Add((member.Robot, change)));

    private static Stamp At(double seconds) => Stamp.FromSeconds(1000 + seconds);

    private static Beacon Beacon(uint incarnation, ulong sequence)
        => new() { Prefix = new FleetPrefix(FleetKind.Beacon, Agents.Beacon.WithPeriod(FleetFlags.None, Duration.FromSeconds(1)), incarnation, sequence, 0, 0) };

    private sealed class FakeWall : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
