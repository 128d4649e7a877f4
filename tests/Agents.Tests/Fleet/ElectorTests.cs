using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Single cases of the election; whole elections on a bad network are in <see cref="ElectionPropertyTests"/>.</summary>
public sealed class ElectorTests
{
    private static readonly Roster Three = new(1, "a", "b", "c");
    private static readonly ElectionOptions Options = new();
    private static readonly Stamp Start = Stamp.FromSeconds(100), Quiet = Stamp.FromSeconds(110);

    [Fact]
    public void Request_Preliminary_PromisesNothing()
    {
        var elector = Make("a", out var store);
        uint term = elector.Term;
        long writes = store.Writes;
        var vote = elector.OnRequest("b", new ElectionRequest(term + 5, true, 1), Quiet)!.Value;
        Assert.Equal((true, true, term + 5), (vote.Granted, vote.Preliminary, vote.Term));
        Assert.Equal((term, writes), (elector.Term, store.Writes));
    }

    [Fact]
    public void Request_OfOneTerm_IsGrantedToOneOnlyAlsoAfterARestart()
    {
        var elector = Make("a", out var store);
        var request = new ElectionRequest(elector.Term + 1, false, 1);
        Assert.True(elector.OnRequest("b", request, Quiet)!.Value.Granted);
        Assert.True(elector.OnRequest("b", request, Quiet)!.Value.Granted);
        Assert.False(elector.OnRequest("c", request, Quiet)!.Value.Granted);
        var again = new Elector("a", Three, store, Options, Quiet, 1);
        Assert.Equal(request.Term, again.Term);
        var later = Quiet + Duration.FromSeconds(10);
        Assert.False(again.OnRequest("c", request, later)!.Value.Granted);
        Assert.True(again.OnRequest("b", request, later)!.Value.Granted);
    }

    [Fact]
    public void Request_WhileACoordinatorIsHeard_IsRefused()
    {
        var elector = Make("a", out _);
        Assert.True(elector.OnBeat("b", elector.Term + 1, Quiet, out _));
        Assert.Equal("b", elector.Leader);
        var request = new ElectionRequest(elector.Term + 1, false, 1);
        Assert.False(elector.OnRequest("c", request, Quiet + Duration.FromSeconds(1.4))!.Value.Granted);
        Assert.True(elector.OnRequest("c", request, Quiet + Duration.FromSeconds(1.6))!.Value.Granted);
    }

    [Fact]
    public void Request_AfterAStart_WaitsTheMinimum()
    {
        var elector = Make("a", out _);
        Assert.False(elector.OnRequest("b", new ElectionRequest(elector.Term + 1, false, 1), Start + Duration.FromSeconds(1))!.Value.Granted);
    }

    [Fact]
    public void Request_StrangerOtherRosterOrOldTerm_IsNotGranted()
    {
        var elector = Make("a", out _);
        Assert.Null(elector.OnRequest("x", new ElectionRequest(elector.Term + 1, false, 1), Quiet));
        Assert.Null(elector.OnRequest("b", new ElectionRequest(elector.Term + 1, false, 2), Quiet));
        Assert.Null(elector.OnRequest("a", new ElectionRequest(elector.Term + 1, false, 1), Quiet));
        elector.OnRequest("b", new ElectionRequest(elector.Term + 3, false, 1), Quiet);
        var old = elector.OnRequest("c", new ElectionRequest(elector.Term - 1, false, 1), Quiet)!.Value;
        Assert.Equal((false, elector.Term), (old.Granted, old.Term));
    }

    [Fact]
    public void Request_PromiseNotKept_IsNotGranted()
    {
        var elector = Make("a", out var store);
        store.Refuse(true);
        Assert.False(elector.OnRequest("b", new ElectionRequest(elector.Term + 1, false, 1), Quiet)!.Value.Granted);
        store.Refuse(false);
        Assert.True(elector.OnRequest("c", new ElectionRequest(elector.Term + 1, false, 1), Quiet)!.Value.Granted);
    }

    [Fact]
    public void Leader_Acts_OnlyWhileAMajorityAnswers()
    {
        var elector = Elected(out var now);
        Assert.True(elector.IsLeader);
        Assert.False(elector.IsActing(now));
        elector.Beaten(1, now);
        elector.OnAck("b", elector.Term, 1);
        Assert.True(elector.IsActing(now));
        // From when the beat was sent, not from when its answer came.
        Assert.Equal(now + Options.Lease, elector.ActingUntil);
        Assert.False(elector.IsActing(now + Options.Lease));
        // Answers that are not of the roster, of another term or to a beat that was never sent count for nothing.
        elector.Beaten(2, now + Duration.FromSeconds(1));
        elector.OnAck("x", elector.Term, 2);
        elector.OnAck("a", elector.Term, 2);
        elector.OnAck("c", elector.Term - 1, 2);
        elector.OnAck("c", elector.Term, 3);
        Assert.Equal(now + Options.Lease, elector.ActingUntil);
    }

    [Fact]
    public void Leader_HeardByNobody_StepsDown()
    {
        var elector = Elected(out var now);
        elector.Step(now + Duration.FromSeconds(2.9), out _, out bool beat);
        Assert.True(beat);
        elector.Step(now + Duration.FromSeconds(3.1), out _, out beat);
        Assert.Equal((false, false), (beat, elector.IsLeader));
    }

    [Fact]
    public void Leader_LaterTerm_EndsIt()
    {
        var elector = Elected(out var now);
        uint term = elector.Term;
        elector.Beaten(1, now);
        elector.OnAck("b", term, 1);
        Assert.False(elector.OnBeat("c", term - 1, now, out var later));
        Assert.Equal(term, later!.Value.Term);
        Assert.True(elector.IsActing(now));
        Assert.True(elector.OnBeat("c", term + 1, now, out _));
        Assert.Equal((false, "c", term + 1), (elector.IsActing(now), elector.Leader, elector.Term));
    }

    [Fact]
    public void Vote_WithATermFromNowhere_IsNotFollowed()
    {
        var elector = Elected(out var now);
        uint term = elector.Term;
        elector.OnVote("b", new ElectionVote(term + (1u << 25), "a", false, false, 1), now);
        Assert.Equal((term, true), (elector.Term, elector.IsLeader));
    }

    [Fact]
    public void DiskLost_NeitherVotesNorStands()
    {
        var elector = new Elector("a", Three, new MemoryPromiseStore(), Options, Start, 1);
        Assert.False(elector.IsVoter);
        Assert.Null(elector.OnRequest("b", new ElectionRequest(elector.Term + 1, false, 1), Quiet));
        elector.Step(Quiet + Duration.FromSeconds(100), out var request, out bool beat);
        Assert.True(request is null && !beat);
        // It follows all the same, without answering.
        Assert.False(elector.OnBeat("b", elector.Term + 1, Quiet, out _));
        Assert.Equal("b", elector.Leader);
    }

    private static Elector Make(string self, out MemoryPromiseStore store)
    {
        store = new MemoryPromiseStore();
        Three.Admit(store);
        return new Elector(self, Three, store, Options, Start, 1);
    }

    private static Elector Elected(out Stamp now)
    {
        var elector = Make("a", out _);
        now = Quiet;
        elector.Step(now, out var asked, out _);
        Assert.True(asked!.Value.Preliminary);
        var stand = elector.OnVote("b", new ElectionVote(asked.Value.Term, "a", true, true, 1), now);
        Assert.False(stand!.Value.Preliminary);
        // A preliminary answer is no vote.
        elector.OnVote("b", new ElectionVote(stand.Value.Term, "a", true, true, 1), now);
        Assert.False(elector.IsLeader);
        elector.OnVote("b", new ElectionVote(stand.Value.Term, "a", false, true, 1), now);
        return elector;
    }
}
