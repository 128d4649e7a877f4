using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Voters that have lost their disks and are admitted again to the same roster.</summary>
public sealed class ReadmissionTests
{
    private static readonly LeaseOptions Options = new();
    private static readonly Stamp Start = Stamp.FromSeconds(100), Ready = Stamp.FromSeconds(120);

    /// <summary>Guarantee 3 with voters that lose their disks: one holder at a time, tokens that only grow, and what is committed is done once.</summary>
    [Fact]
    public void Voters_LostDisksAndAdmittedAgain_NothingIsDoneTwice()
    {
        int done = 0, recovered = 0;
        Seeds.ForEach(1500, seed =>
        {
            string? fault = ReadmissionWorld.Run(seed, FleetMutation.None, out int deeds, out int recoveries);
            (done, recovered) = (done + deeds, recovered + recoveries);
            return fault;
        });
        Assert.True(done > Seeds.Count(1500) && recovered > Seeds.Count(1500), $"{done} done, {recovered} recovered in {Seeds.Count(1500)} seeds.");
    }

    [Fact]
    public void Voters_VoteWithoutAsking_IsCaught() => Assert.NotNull(Seeds.FirstFailing(1500, seed => ReadmissionWorld.Run(seed, FleetMutation.ReadmittedVotesAtOnce, out _, out _)));

    /// <summary>The old disk's vote for a commit is still on its way when the others are asked. Asked at once they do not know of it yet, and the task is done twice; asked after the longest lease they do, or it comes to nothing.</summary>
    [Fact]
    public void Recovery_VoteOfTheOldDiskOnItsWay_IsWaitedFor()
    {
        Assert.Equal((true, true), Twice(Start));
        Assert.Equal((true, false), Twice(Start + Options.Longest + Duration.FromSeconds(1)));

        (bool First, bool Second) Twice(Stamp askFrom)
        {
            var roster = new Roster(1, "v0", "v1", "v2");
            LeaseVoter[] old = [Old(roster, "v0"), Old(roster, "v1"), Old(roster, "v2")];
            var claim = new LeaseClaim("t", roster.EpochFloor + 1, 1, Duration.FromSeconds(10), 1, 0, Commit: true);
            bool voted = old[0].OnClaim("r1", claim, Start)!.Value.Granted;
            var store = new MemoryPromiseStore();
            roster.Readmit(store);
            var voter = new LeaseVoter("v0", roster, store, Options, Start);
            var recovery = new VoterRecovery("v0", 2, roster, store, voter, askFrom, Options.Retry);
            Ask(Start + Duration.FromSeconds(1));
            // Only now the claim reaches v1, and the old vote the robot: it may act until ten seconds after it asked.
            bool first = voted & old[1].OnClaim("r1", claim, Start + Duration.FromSeconds(2))!.Value.Granted;
            Ask(Ready);
            var other = new LeaseClaim("t", roster.EpochFloor + 2, 1, Duration.FromSeconds(10), 1, 0, Commit: true);
            bool second = voter.OnClaim("r2", other, Ready)!.Value.Granted & old[2].OnClaim("r2", other, Ready)!.Value.Granted;
            return (first, second);

            void Ask(Stamp now)
            {
                while (recovery.TryAsk(now, out var ask)) recovery.OnPage(ask.To, new LedgerPage(1, "v0", 2, ask.After, 5, old[ask.To[1] - '0'].Ledger(ask.After, out bool more)!, more), now);
                recovery.Finish(_ => true);
            }
        }

        static LeaseVoter Old(Roster roster, string name)
        {
            var store = new MemoryPromiseStore();
            roster.Admit(store);
            return new LeaseVoter(name, roster, store, Options, Start - Duration.FromSeconds(50));
        }
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    [InlineData(7, 4)]
    public void Recovery_MajorityOfTheOthers_IsNeeded(int voters, int needed)
    {
        var roster = new Roster(1, [.. Enumerable.Range(0, voters).Select(i => $"v{i}")]);
        var recovery = Make(roster, out var voter, out var store);
        for (int i = 1; i <= needed; i++)
        {
            Assert.False(voter.IsAdmitted || recovery.Finish(_ => true));
            Assert.Equal(i == needed, recovery.OnPage($"v{i}", new LedgerPage(1, "v0", 7, "", 5, [], false), Ready));
        }
        Assert.Equal(needed, recovery.Needed);
        Assert.True(recovery.Finish(_ => true) && voter.IsAdmitted);
        Assert.False(Roster.IsReadmitted(store));
    }

    [Fact]
    public void Recovery_CommitOfTheOldDisk_IsKeptBesideAGreaterEpoch()
    {
        var roster = new Roster(1, "v0", "v1", "v2");
        var recovery = Make(roster, out var voter, out var store);
        LedgerRow committed = new("t", roster.EpochFloor + 3, "r1", 4, 1), later = new("t", roster.EpochFloor + 9, "r2", 2, 0);
        recovery.OnPage("v1", new LedgerPage(1, "v0", 7, "", roster.TermFloor + 4, [committed], false), Ready);
        Assert.True(recovery.OnPage("v2", new LedgerPage(1, "v0", 7, "", roster.TermFloor + 6, [later], false), Ready));
        Assert.True(recovery.Finish(term => term == roster.TermFloor + 6));
        var claim = new LeaseClaim("t", roster.EpochFloor + 10, 2, Duration.FromSeconds(10), 1, 0);
        var vote = voter.OnClaim("r2", claim, Ready)!.Value;
        Assert.Equal((false, true, roster.EpochFloor + 9), (vote.Granted, vote.Commit, vote.Known));
        // After the next start too, and until the board opens the task anew.
        var again = new LeaseVoter("v0", roster, store, Options, Start);
        Assert.False(again.OnClaim("r2", claim, Ready)!.Value.Granted);
        Assert.True(again.OnClaim("r2", claim with { Revision = 1 }, Ready)!.Value.Granted);
    }

    [Fact]
    public void Recovery_TwoCommitsOfOneRevision_BelongToNobody()
    {
        LedgerRow a = new("t", 3, "r1", 4, 1), b = new("t", 9, "r2", 2, 1), c = new("t", 5, "r3", 1, 0), later = new("t", 4, "r3", 1, 2);
        foreach (LedgerRow[] order in (LedgerRow[][])[[a, b, c], [c, b, a], [b, a, c], [a, c, b], [b, b, a]]) Assert.Equal(new LedgerRow("t", 9, LedgerPage.Nobody, 0, 1), order.Aggregate((x, y) => VoterRecovery.Merge(x, y)));
        Assert.Equal(later with { Epoch = 9 }, VoterRecovery.Merge(later, VoterRecovery.Merge(a, b)));
        Assert.Equal(a, VoterRecovery.Merge(a, a));
    }

    [Fact]
    public void Voter_LearnedOfAGrant_DoesNotSayItAsItsOwn()
    {
        var roster = new Roster(1, "v0", "v1", "v2");
        var store = new MemoryPromiseStore();
        roster.Admit(store);
        var voter = new LeaseVoter("v0", roster, store, Options, Start);
        var claim = new LeaseClaim("t", roster.EpochFloor + 3, 1, Duration.FromSeconds(10), 1, 0);
        Assert.True(voter.Learn([new("t", claim.Epoch, "r1", 1, 0)]));
        Assert.False(voter.OnClaim("r1", claim, Ready)!.Value.Granted);
        Assert.True(voter.OnClaim("r1", claim with { Epoch = claim.Epoch + 1 }, Ready)!.Value.Granted);
    }

    [Fact]
    public void Recovery_TooEarlyOtherIncarnationStrangerCopyOrUnkept_DoesNotCount()
    {
        var roster = new Roster(1, "v0", "v1", "v2");
        var recovery = Make(roster, out var voter, out var store);
        var page = new LedgerPage(1, "v0", 7, "", 5, [], false);
        Assert.False(recovery.TryAsk(Start + Options.Longest, out _));
        recovery.OnPage("v1", page, Start + Options.Longest);
        recovery.OnPage("v1", page with { ToIncarnation = 6 }, Ready);
        recovery.OnPage("v1", page with { To = "v2" }, Ready);
        recovery.OnPage("v1", page with { Roster = 2 }, Ready);
        recovery.OnPage("v1", page with { After = "x" }, Ready);
        recovery.OnPage("v9", page, Ready);
        recovery.OnPage("v0", page, Ready);
        Assert.Equal(0, recovery.Answered);
        recovery.OnPage("v1", page, Ready);
        recovery.OnPage("v1", page, Ready);
        Assert.Equal(1, recovery.Answered);
        recovery.OnPage("v2", page, Ready);
        Assert.False(recovery.Finish(_ => false));
        store.Refuse(true);
        Assert.False(recovery.Finish(_ => true) || voter.IsAdmitted);
        store.Refuse(false);
        Assert.True(recovery.Finish(_ => true));
    }

    [Fact]
    public void Ledger_ManyTasks_ComesInPagesThroughTheWire()
    {
        var roster = new Roster(1, "v0", "v1", "v2");
        var other = new MemoryPromiseStore();
        roster.Admit(other);
        var full = new LeaseVoter("v1", roster, other, Options, Start);
        for (int i = 0; i < 450; i++) Assert.True(full.OnClaim(new string('r', 31) + i % 2, new LeaseClaim($"{new string('t', 40)}{i}", roster.EpochFloor + 1 + (ulong)i, 1, Duration.FromSeconds(10), 1, 0) with { Commit = i % 3 == 0 }, Ready)!.Value.Granted);
        var recovery = Make(roster, out var voter, out _);
        int pages = 0;
        while (recovery.TryAsk(Ready + Duration.FromSeconds(pages), out var ask))
        {
            if (ask.To != "v1") continue;
            Assert.True(LedgerWire.TryRead(LedgerWire.Write(new FleetEnvelope(7, 1, 0, 0), ask), out _, out LedgerAsk asked) && asked == ask);
            var rows = full.Ledger(ask.After, out bool more)!;
            byte[] bytes = LedgerWire.Write(new FleetEnvelope(3, 1, 0, 0), new LedgerPage(1, "v0", 7, ask.After, 5, rows, more));
            Assert.InRange(bytes.Length, 1, 65_536);
            Assert.True(LedgerWire.TryRead(bytes, out _, out LedgerPage page));
            recovery.OnPage("v1", page, Ready);
            pages++;
        }
        Assert.Equal((3, 1), (pages, recovery.Answered));
        recovery.OnPage("v2", new LedgerPage(1, "v0", 7, "", 5, [], false), Ready);
        Assert.True(recovery.Finish(_ => true));
        Assert.Equal(full.Ledger("", out _), voter.Ledger("", out _));
        // One on a new disk says nothing.
        Assert.Null(new LeaseVoter("v0", roster, new MemoryPromiseStore(), Options, Start).Ledger("", out _));
    }

    [Fact]
    public void Wire_ArbitraryBytes_AreRefusedWithoutHarm()
    {
        var random = new RandomStream(5);
        byte[] good = LedgerWire.Write(new FleetEnvelope(3, 1, 0, 0), new LedgerPage(1, "v0", 7, "", 5, [new("a", 1, "r", 1, 0), new("b", 2, "s", 1, 1)], true));
        Assert.True(LedgerWire.TryRead(good, out _, out LedgerPage _));
        for (int k = 0; k < 5000; k++)
        {
            byte[] bytes = good[..random.NextInt32(good.Length + 1)];
            for (int i = random.NextInt32(4); i > 0 && bytes.Length > 0; i--) bytes[random.NextInt32(bytes.Length)] = (byte)random.NextUInt64();
            if (LedgerWire.TryRead(bytes, out _, out LedgerPage page)) Assert.InRange(page.Rows.Count, 0, 2);
            LedgerWire.TryRead(bytes, out _, out LedgerAsk _);
        }
        // Rows must be in order, behind what was asked for.
        Assert.False(LedgerWire.TryRead(LedgerWire.Write(new FleetEnvelope(3, 1, 0, 0), new LedgerPage(1, "v0", 7, "", 5, [new("b", 1, "r", 1, 0), new("a", 2, "s", 1, 1)], false)), out _, out LedgerPage _));
        Assert.False(LedgerWire.TryRead(LedgerWire.Write(new FleetEnvelope(3, 1, 0, 0), new LedgerPage(1, "v0", 7, "a", 5, [new("a", 1, "r", 1, 0)], false)), out _, out LedgerPage _));
    }

    [Fact]
    public void Elector_TermFromOthers_VotesForNobodyInIt()
    {
        var roster = new Roster(1, "v0", "v1", "v2");
        var store = new MemoryPromiseStore();
        roster.Readmit(store);
        var elector = new Elector("v0", roster, store, new ElectionOptions(), Start, 1);
        uint term = roster.TermFloor + 5;
        var later = Ready + Duration.FromSeconds(2);
        Assert.Null(elector.OnRequest("v1", new ElectionRequest(term, false, 1), later));
        Assert.True(elector.Relearn(term, Ready) && roster.Admit(store));
        Assert.False(elector.OnRequest("v1", new ElectionRequest(term, false, 1), later)!.Value.Granted);
        Assert.False(new Elector("v0", roster, store, new ElectionOptions(), Start, 1).OnRequest("v1", new ElectionRequest(term, false, 1), later)!.Value.Granted);
        Assert.True(elector.OnRequest("v1", new ElectionRequest(term + 1, false, 1), later)!.Value.Granted);
    }

    [Fact]
    public void Fleet_RobotOnANewDisk_VotesAgainKnowingACommit()
    {
        using var world = new ReadmissionFleet(1);
        Assert.Null(world.Run());
    }

    private static VoterRecovery Make(Roster roster, out LeaseVoter voter, out MemoryPromiseStore store)
    {
        store = new MemoryPromiseStore();
        roster.Readmit(store);
        voter = new LeaseVoter("v0", roster, store, Options, Start);
        return new VoterRecovery("v0", 7, roster, store, voter, voter.VotesFrom, Options.Retry);
    }
}
