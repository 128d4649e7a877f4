using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class LeaseTests
{
    private static readonly Roster Three = new(1, "a", "b", "c");
    private static readonly LeaseOptions Options = new();
    private static readonly Stamp Start = Stamp.FromSeconds(100), Ready = Stamp.FromSeconds(120);

    [Fact]
    public void Voter_SecondRobot_WaitsUntilTheGrantIsOver()
    {
        var voter = Voter(out _);
        Assert.True(voter.OnClaim("a", Claim(1), Ready)!.Value.Granted);
        Assert.False(voter.OnClaim("b", Claim(2), Ready)!.Value.Granted);
        // 10 s and the margin of 1000 ppm.
        Assert.False(voter.OnClaim("b", Claim(3), Ready + Duration.FromSeconds(10.009))!.Value.Granted);
        Assert.True(voter.OnClaim("b", Claim(4), Ready + Duration.FromSeconds(10.02))!.Value.Granted);
    }

    [Fact]
    public void Voter_EpochNotAbove_IsRefusedAndTellsTheGreatest()
    {
        var voter = Voter(out _);
        voter.OnClaim("a", Claim(5), Ready);
        var vote = voter.OnClaim("a", Claim(4), Ready)!.Value;
        Assert.Equal((false, Three.EpochFloor + 5), (vote.Granted, vote.Known));
        // The same claim again is a copy: said again, for no longer.
        Assert.True(voter.OnClaim("a", Claim(5), Ready + Duration.FromSeconds(9))!.Value.Granted);
        Assert.True(voter.OnClaim("b", Claim(6), Ready + Duration.FromSeconds(10.02))!.Value.Granted);
    }

    [Fact]
    public void Voter_Restarted_RefusesForTheLongestLease()
    {
        var voter = Voter(out var store);
        voter.OnClaim("a", Claim(1), Ready);
        var again = new LeaseVoter("a", Three, store, Options, Ready);
        Assert.False(again.OnClaim("b", Claim(2), Ready + Duration.FromSeconds(15))!.Value.Granted);
        Assert.False(again.OnClaim("b", Claim(1), Ready + Duration.FromSeconds(16))!.Value.Granted);
        Assert.True(again.OnClaim("b", Claim(3), Ready + Duration.FromSeconds(16))!.Value.Granted);
    }

    [Fact]
    public void Voter_DiskLost_IsSilentUntilAdmitted()
    {
        var store = new MemoryPromiseStore();
        var voter = new LeaseVoter("a", Three, store, Options, Start);
        Assert.Null(voter.OnClaim("b", Claim(1), Ready));
        // Negative control: without the rule it votes.
        Assert.NotNull(new LeaseVoter("a", Three, store, Options, Start) { Mutation = FleetMutation.LostDiskVotes }.OnClaim("b", Claim(1), Ready));
        Assert.True(Three.Admit(store));
        Assert.True(voter.OnClaim("b", Claim(1), Ready)!.Value.Granted);
    }

    [Fact]
    public void Voter_AdmittedAsANewOneOnANewDisk_KnowsNothingOfACommit()
    {
        // a and b have granted a commit; c has not heard of it.
        LeaseVoter a = Voter(out _), b = Voter(out _), c = Voter(out _);
        foreach (var voter in (LeaseVoter[])[a, b]) Assert.True(voter.OnClaim("r1", Claim(1) with { Commit = true }, Ready)!.Value.Granted);
        var later = Ready + Duration.FromSeconds(1000);
        // As long as a is not admitted again, nobody else gets the task: b refuses, and c alone is no majority.
        var lost = new LeaseVoter("a", Three, new MemoryPromiseStore(), Options, Ready);
        var claim = Claim(2);
        Assert.Equal((null, false, true), (lost.OnClaim("r2", claim, later), b.OnClaim("r2", claim, later)!.Value.Granted, c.OnClaim("r2", claim, later)!.Value.Granted));
        // Admitted as one that never voted it makes one with c; that is what Readmit is for.
        var store = new MemoryPromiseStore();
        Three.Admit(store);
        var admitted = new LeaseVoter("a", Three, store, Options, Ready);
        Assert.True(admitted.OnClaim("r2", claim, later)!.Value.Granted);
        // Opened by the board under a later revision the task is a new one for all, and nothing is lost by it.
        Assert.True(b.OnClaim("r2", Claim(3) with { Revision = 1 }, later)!.Value.Granted);
    }

    [Fact]
    public void Voter_PromiseNotKept_IsSilent()
    {
        var voter = Voter(out var store);
        store.Refuse(true);
        Assert.Null(voter.OnClaim("a", Claim(1), Ready));
        store.Refuse(false);
        Assert.True(voter.OnClaim("b", Claim(2), Ready)!.Value.Granted);
    }

    [Fact]
    public void Voter_Committed_GivesToNobodyElseUntilTheRevisionChanges()
    {
        var voter = Voter(out var store);
        voter.OnClaim("a", Claim(1) with { Commit = true }, Ready);
        var later = Ready + Duration.FromSeconds(1000);
        var refusal = voter.OnClaim("b", Claim(2), later)!.Value;
        Assert.Equal((false, true), (refusal.Granted, refusal.Commit));
        // Not even to its own next start, which does not know whether it was done.
        Assert.False(voter.OnClaim("a", Claim(3) with { Incarnation = 2 }, later)!.Value.Granted);
        var restarted = new LeaseVoter("a", Three, store, Options, Ready);
        Assert.False(restarted.OnClaim("b", Claim(4), later)!.Value.Granted);
        Assert.True(restarted.OnClaim("b", Claim(5) with { Revision = 1 }, later)!.Value.Granted);
    }

    [Fact]
    public void Voter_GivenBack_IsFreeAtOnce()
    {
        var voter = Voter(out _);
        voter.OnClaim("a", Claim(1) with { Commit = true }, Ready);
        Assert.Null(voter.OnClaim("b", Claim(1) with { Release = true }, Ready));
        Assert.False(voter.OnClaim("b", Claim(2), Ready)!.Value.Granted);
        voter.OnClaim("a", Claim(1) with { Release = true }, Ready);
        Assert.True(voter.OnClaim("b", Claim(3), Ready)!.Value.Granted);
    }

    [Fact]
    public void Voter_OtherRosterOrTooLong_IsSilent()
    {
        var voter = Voter(out _);
        Assert.Null(voter.OnClaim("a", Claim(1) with { Roster = 2 }, Ready));
        Assert.Null(voter.OnClaim("a", Claim(1) with { Length = Duration.FromSeconds(16) }, Ready));
    }

    [Fact]
    public void Holder_MajorityOfExactVotes_HoldsFromTheTimeOfAsking()
    {
        var holder = Holder();
        var claim = holder.Step(Ready, 0)!.Value;
        var late = Ready + Duration.FromSeconds(2);
        holder.OnVote("a", Vote(claim), late);
        holder.OnVote("a", Vote(claim), late);
        holder.OnVote("x", Vote(claim), late);
        holder.OnVote("b", Vote(claim) with { Epoch = claim.Epoch - 1 }, late);
        holder.OnVote("b", Vote(claim) with { Incarnation = 9 }, late);
        holder.OnVote("b", Vote(claim) with { Roster = 2 }, late);
        Assert.Equal(0UL, holder.Token(late));
        holder.OnVote("b", Vote(claim), late);
        Assert.Equal(claim.Epoch, holder.Token(late));
        Assert.True(holder.Deadline <= Ready + Duration.FromSeconds(9.99));
        Assert.Equal(0UL, holder.Token(holder.Deadline));
    }

    [Fact]
    public void Holder_HalfTimeGone_RenewsUnderALargerEpoch()
    {
        var holder = Holder();
        var claim = holder.Step(Ready, 0)!.Value;
        foreach (string voter in new[] { "a", "b" }) holder.OnVote(voter, Vote(claim), Ready);
        Assert.Null(holder.Step(Ready + Duration.FromSeconds(4.9), 0));
        var next = holder.Step(Ready + Duration.FromSeconds(5), 0)!.Value;
        Assert.Equal(claim.Epoch + 1, next.Epoch);
        Assert.Equal(claim.Epoch, holder.Token(Ready + Duration.FromSeconds(5)));
    }

    [Fact]
    public void Gate_SmallerToken_IsRefused()
    {
        var gate = new FencingGate(2);
        Assert.True(gate.Admit("door", 5) && gate.Admit("door", 5) && gate.Admit("door", 7) && gate.Admit("dock", 1));
        Assert.False(gate.Admit("door", 6) || gate.Admit("door", 0) || gate.Admit("third", 9));
        Assert.Equal(3, gate.Refused);
    }

    [Fact]
    public void Roster_BadLists_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Roster(1, "a", "b"));
        Assert.Throws<ArgumentException>(() => new Roster(1, "a", "a", "b"));
        Assert.Throws<ArgumentException>(() => new Roster(0, "a"));
        Assert.Throws<ArgumentException>(() => new Roster(1, "a/b"));
    }

    private static LeaseVoter Voter(out MemoryPromiseStore store)
    {
        store = new MemoryPromiseStore();
        Three.Admit(store);
        return new LeaseVoter("a", Three, store, Options, Start);
    }

    private static LeaseHolder Holder()
    {
        var holder = new LeaseHolder("t", "h", 1, Three, new MemoryPromiseStore(), Options);
        holder.Want();
        return holder;
    }

    private static LeaseClaim Claim(ulong number) => new("t", Three.EpochFloor + number, 1, Duration.FromSeconds(10), 1, 0);

    private static LeaseVote Vote(in LeaseClaim claim) => new("t", claim.Epoch, "h", 1, 1, true, claim.Epoch, false);
}
