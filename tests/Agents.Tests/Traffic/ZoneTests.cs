using System.Text;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.Traffic;

public class ZoneTests(ITestOutputHelper output)
{
    private static readonly ZoneOptions Options = new();

    private static readonly ZoneMap Map = new([Square("a", 0), Square("b", 10), Square("c", 20), Square("wide", 30) with { Capacity = 2 }]);

    [Fact]
    public void World_LossDelayDriftFreezeAndNewCoordinators_NeverTwoInAZoneAndAllCross()
    {
        int least = int.MaxValue;
        for (ulong seed = 20; seed < 65; seed++)
        {
            var world = new ZoneWorld(seed, 4, Options);
            world.Run(40);
            world.FreezeInside(25);
            world.Run(20);
            world.ChangeCoordinator();
            world.Run(20);
            world.Freeze((int)(seed % 4), 12);
            world.Run(60);
            Assert.True(world.Violation is null, $"seed {seed}: {world.Violation}");
            int[] before = world.Crossings;
            world.Loss = 0.02;
            world.Run(240);
            Assert.True(world.Violation is null, $"seed {seed}: {world.Violation}");
            int fewest = world.Crossings.Zip(before, (a, b) => a - b).Min();
            Assert.True(fewest >= 1, $"seed {seed}: a robot crossed {fewest} times in 240 s: {world.Dump()}");
            least = Math.Min(least, fewest);
        }
        output.WriteLine($"fewest crossings of a robot in the last 240 s: {least}");
    }

    [Fact]
    public void World_ExpiryTakenForEmptiness_PutsTwoInAZone()
    {
        int broken = 0;
        for (ulong seed = 0; seed < 10; seed++)
        {
            // No beacon arrives, so only leases tell; a robot freezes inside for longer than its lease.
            foreach (bool distrusts in (bool[])[true, false])
            {
                var world = new ZoneWorld(seed, 4, Options with { DistrustsExpiry = distrusts }, loss: 0.05) { Silent = true };
                for (int i = 0; i < 40 && !world.FreezeInside(60); i++) world.Run(1);
                world.Run(60);
                if (distrusts) Assert.True(world.Violation is null, $"seed {seed}: {world.Violation}");
                else if (world.Violation is not null) broken++;
            }
        }
        output.WriteLine($"{broken} of 10 seeds");
        Assert.True(broken >= 8, $"{broken}");
        Assert.True(Direct(Options with { DistrustsExpiry = false }), "the control must grant the zone of a silent holder");
        Assert.False(Direct(Options), "the rule must not");

        static bool Direct(ZoneOptions options)
        {
            var ledger = Leading(options);
            Ask(ledger, "r1", 1, ["a"], 0);
            Ask(ledger, "r2", 1, ["a"], 1);
            ledger.Tick(At(12));
            return Replies(ledger).Any(r => r.Rid == "r2" && r.Reply.State == ZoneState.Granted);
        }
    }

    [Fact]
    public void OnRequest_CrossedRoutes_SecondWaitsUntilTheFirstHasPassed()
    {
        var ledger = Leading(Options);
        Assert.Equal(ZoneState.Granted, Ask(ledger, "r1", 1, ["a"], 0, ["a", "b"]));
        Assert.Equal(ZoneState.Queued, Ask(ledger, "r2", 1, ["b"], 1, ["b", "a"]));
        Assert.Equal(ZoneState.Granted, Ask(ledger, "r1", 2, ["b"], 2, ["a", "b"]));
        ledger.OnRequest("r1", new ZoneRequest(1, 3, ZoneAsk.Release, ["a", "b"], [], 0), At(3));
        Assert.Contains(Replies(ledger), r => r.Rid == "r2" && r.Reply.State == ZoneState.Granted);
        // The control: without the check both get their first zone and wait for each other's for ever.
        var naive = Leading(Options with { ChecksCompletion = false });
        Ask(naive, "r1", 1, ["a"], 0, ["a", "b"]);
        Assert.Equal(ZoneState.Granted, Ask(naive, "r2", 1, ["b"], 1, ["b", "a"]));
        Assert.Equal(ZoneState.Queued, Ask(naive, "r1", 2, ["b"], 2, ["a", "b"]));
        Assert.Equal(ZoneState.Queued, Ask(naive, "r2", 2, ["a"], 2, ["b", "a"]));
    }

    [Fact]
    public void OnRequest_SeveralZones_AllOrNone()
    {
        var ledger = Leading(Options);
        Ask(ledger, "r1", 1, ["b"], 0);
        Assert.Equal(ZoneState.Queued, Ask(ledger, "r2", 1, ["a", "b", "c"], 1));
        Assert.Empty(ledger.Occupants("a"));
    }

    [Fact]
    public void OnRequest_Capacity2_LetsTwoIn()
    {
        var ledger = Leading(Options);
        Assert.Equal(ZoneState.Granted, Ask(ledger, "r1", 1, ["wide"], 0));
        Assert.Equal(ZoneState.Granted, Ask(ledger, "r2", 1, ["wide"], 0));
        Assert.Equal(ZoneState.Queued, Ask(ledger, "r3", 1, ["wide"], 0));
    }

    [Fact]
    public void OnRequest_LaterOneForAFreeZoneThatAnEarlierWaitsFor_DoesNotOvertake()
    {
        var ledger = Leading(Options);
        Ask(ledger, "r1", 1, ["b"], 0);
        Ask(ledger, "r2", 1, ["a", "b"], 1);
        Assert.Equal(ZoneState.Queued, Ask(ledger, "r3", 1, ["a"], 2));
        ledger.OnRequest("r1", new ZoneRequest(1, 2, ZoneAsk.Release, [], [], 0), At(3));
        Assert.Contains(Replies(ledger), r => r.Rid == "r2" && r.Reply.State == ZoneState.Granted);
        Assert.Equal(["r2"], ledger.Occupants("a"));
    }

    [Fact]
    public void OnPosition_RobotWithoutLeaseInside_OccupiesUntilSeenOutsideOrCleared()
    {
        var ledger = Leading(Options);
        ledger.OnPosition("lost", 1, new(1, 1), 0.3, At(0));
        Assert.Equal(ZoneState.Queued, Ask(ledger, "r1", 1, ["a"], 1));
        ledger.OnDead("lost", At(2));
        ledger.Tick(At(10));
        Assert.Equal(["lost"], ledger.Occupants("a"));
        ledger.Clear("a", "lost", At(11));
        Assert.Contains(Replies(ledger), r => r.Rid == "r1" && r.Reply.State == ZoneState.Granted);
    }

    [Theory]
    [InlineData(9.0, 3, false)] // seen near before the deadline: it may have entered since
    [InlineData(60.0, 3, true)] // too far to have got there
    [InlineData(9.0, 12, true)] // seen outside after the deadline and the oldest beacon
    public void Tick_LeaseExpired_IsFreeOnlyWhereTheRobotCannotBeInside(double x, int seenAt, bool free)
    {
        var ledger = Leading(Options);
        Ask(ledger, "r1", 1, ["a"], 0);
        ledger.OnPosition("r1", 1, new(x, 1), 0.3, At(seenAt));
        ledger.Tick(At(13));
        Assert.Equal(free, ledger.Occupants("a").Count == 0);
    }

    [Fact]
    public void Lead_NewCoordinator_WaitsForLeasesOfTheOldOneOrForAllReports()
    {
        var waiting = new ZoneLedger(Map, Options);
        waiting.Lead(2, ["r1", "r2"], At(0));
        Assert.Equal(ZoneState.Queued, Ask(waiting, "r1", 1, ["a"], 1));
        waiting.Tick(At(9.9));
        Assert.DoesNotContain(Replies(waiting), r => r.Reply.State == ZoneState.Granted);
        waiting.Tick(At(10.1));
        Assert.Contains(Replies(waiting), r => r.Reply.State == ZoneState.Granted);
        var told = new ZoneLedger(Map, Options);
        told.Lead(2, ["r1", "r2"], At(0));
        told.OnRequest("r1", new ZoneRequest(1, 1, ZoneAsk.Report, [], [], 0, 0, 2), At(1));
        Assert.False(told.Grants(At(1)));
        told.OnRequest("r2", new ZoneRequest(1, 1, ZoneAsk.Report, ["a"], [], 0, 0, 2), At(1));
        Assert.True(told.Grants(At(1)));
        Assert.Equal(ZoneState.Queued, Ask(told, "r1", 2, ["a"], 1));
        Assert.Equal(ZoneState.Granted, Ask(told, "r1", 3, ["b"], 1));
    }

    [Fact]
    public void OnRequest_OldIncarnationOrNumber_IsANoOp()
    {
        var ledger = Leading(Options);
        Ask(ledger, "r1", 5, ["a"], 0, inc: 3);
        ledger.OnRequest("r1", new ZoneRequest(2, 9, ZoneAsk.Release, ["a"], [], 0), At(1));
        ledger.OnRequest("r1", new ZoneRequest(3, 4, ZoneAsk.Release, ["a"], [], 0), At(1));
        Assert.Equal(["r1"], ledger.Occupants("a"));
        Assert.Equal(2, ledger.Ignored);
    }

    [Fact]
    public void OnPosition_NewIncarnation_LeaseIsVoidButTheZoneStaysOccupiedUntilSeenOutside()
    {
        var ledger = Leading(Options);
        Ask(ledger, "r1", 1, ["a"], 0);
        ledger.OnPosition("r1", 2, new(1, 1), 0.3, At(2));
        Assert.Equal(ZoneState.Queued, Ask(ledger, "r2", 1, ["a"], 3));
        ledger.OnPosition("r1", 2, new(9, 1), 0.3, At(5));
        Assert.Contains(Replies(ledger), r => r.Rid == "r2" && r.Reply.State == ZoneState.Granted);
    }

    [Fact]
    public void Close_Zone_IsNotRenewedAndTheHolderKeepsItOnlyToItsDeadline()
    {
        var ledger = Leading(Options);
        var holder = new ZoneHolder(1, Map, Options, new ZoneHolderOptions());
        holder.Request(["a"], ["a"], 0, At(0));
        Exchange(holder, ledger, At(0));
        Assert.True(holder.Holds("a", At(1)));
        ledger.Close("a", true, At(1));
        holder.Tick(At(6));
        Exchange(holder, ledger, At(6));
        Assert.Equal(ZoneState.Revoked, holder.State);
        Assert.True(holder.Holds("a", At(9.9)));
        Assert.False(holder.Holds("a", At(10)));
    }

    [Fact]
    public void Deadlines_AnyDelayAndDrift_HolderEndsBeforeGranter()
    {
        var random = new RandomStream(4);
        for (int k = 0; k < 2000; k++)
        {
            double slow = 1 + random.NextDouble(-1e-3, 1e-3), fast = 1 + random.NextDouble(-1e-3, 1e-3), sent = random.NextDouble(0, 100), arrives = sent + random.NextDouble(0, 5);
            var ledger = new ZoneLedger(Map, Options);
            ledger.Lead(1, [], new Stamp((long)(arrives * fast * 1e9) - 1));
            var holder = new ZoneHolder(1, Map, Options, new ZoneHolderOptions());
            holder.Request(["a"], ["a"], 0, Stamp.FromSeconds(sent * slow));
            Assert.True(holder.TryTake(out var request));
            ledger.OnRequest("r1", request, Stamp.FromSeconds(arrives * fast));
            holder.OnReply(Replies(ledger).Single(r => r.Reply.State == ZoneState.Granted).Reply, Stamp.FromSeconds((arrives + 0.1) * slow));
            double holderEnds = holder.Deadline("a").Seconds / slow;
            // At that true time the granter still counts the zone as leased: nobody was seen anywhere, so only the lease can say so.
            var naive = new ZoneLedger(Map, Options with { DistrustsExpiry = false });
            naive.Lead(1, [], new Stamp((long)(arrives * fast * 1e9) - 1));
            naive.OnRequest("r1", request, Stamp.FromSeconds(arrives * fast));
            naive.Tick(Stamp.FromSeconds((holderEnds - 1e-6) * fast));
            Assert.True(naive.Occupants("a").Count == 1, $"case {k}");
        }
    }

    [Fact]
    public void Holder_GrantOfARequestSentBeforeTheRelease_IsVoid()
    {
        var holder = new ZoneHolder(1, Map, Options, new ZoneHolderOptions());
        holder.Request(["a"], ["a"], 0, At(0));
        Assert.True(holder.TryTake(out var request));
        holder.Release([], At(0.1));
        holder.OnReply(new ZoneReply(1, request.Seq, 1UL << 32 | 1, ZoneState.Granted, ["a"], 10_000, ""), At(0.2));
        Assert.False(holder.Holds("a", At(0.3)));
    }

    [Fact]
    public void Holder_NoAnswer_StopsJustBeforeTheBorder()
    {
        var holder = new ZoneHolder(1, Map, Options, new ZoneHolderOptions());
        holder.Request(["a"], ["a"], 0, At(0));
        double x = 6, v = 1;
        for (double t = 0; t < 20; t += 0.05)
        {
            v = holder.Approach("a", x, v, At(t)) == ZoneAdvice.Stop ? Math.Max(0, v - 0.8 * 0.05) : Math.Min(1, v + 0.04);
            x -= v * 0.05;
        }
        Assert.InRange(x, 0.2, 0.8);
    }

    [Fact]
    public void Inside_LeaseLost_FollowsThePolicyOfTheZone()
    {
        var map = new ZoneMap([Square("s", 0), Square("e", 10) with { Policy = ZoneLossPolicy.Evacuate }, Square("k", 20) with { Policy = ZoneLossPolicy.Continue }, Square("x", 30)]);
        var holder = new ZoneHolder(1, map, Options, new ZoneHolderOptions());
        Assert.Equal(ZoneAdvice.Stop, holder.Inside("s", At(0)));
        Assert.Equal(ZoneAdvice.Evacuate, holder.Inside("e", At(0)));
        holder.Request(["x"], ["k", "x"], 0, At(0));
        Assert.Equal(ZoneAdvice.Stop, holder.Inside("k", At(1)));
        Assert.True(holder.TryTake(out var request));
        holder.OnReply(new ZoneReply(1, request.Seq, 1, ZoneState.Granted, ["x"], 10_000, ""), At(1));
        Assert.Equal(ZoneAdvice.Proceed, holder.Inside("k", At(1)));
        Assert.Equal(ZoneAdvice.Stop, holder.Inside("k", At(10)));
    }

    [Fact]
    public void Tick_NothingDue_AllocatesNothing()
    {
        var holder = new ZoneHolder(1, Map, Options, new ZoneHolderOptions());
        holder.Request(["a"], ["a"], 0, At(0));
        holder.Tick(At(0));
        Allocations.AssertNone(() =>
        {
            holder.Tick(At(0.5));
            holder.Approach("a", 3, 1, At(0.5));
            holder.Inside("a", At(0.5));
        });
    }

    [Fact]
    public void TryRead_RoundTripAndArbitraryBytes_AreTotal()
    {
        var request = new ZoneRequest(7, 9, ZoneAsk.Renew, ["a", "b:1"], ["b:1"], 5000, -3, 8);
        Assert.True(ZoneWire.TryRead(ZoneWire.Write(request), out ZoneRequest read, out _));
        Assert.Equal((request.Inc, request.Seq, request.Ask, request.DurationMs, request.Urgency, request.Term), (read.Inc, read.Seq, read.Ask, read.DurationMs, read.Urgency, read.Term));
        Assert.Equal(request.Zones, read.Zones);
        byte[] good = ZoneWire.Write(request);
        var random = new RandomStream(6);
        for (int k = 0; k < 20_000; k++)
        {
            byte[] bytes = [.. good.AsSpan(0, random.NextInt32(good.Length + 1))];
            for (int i = random.NextInt32(4); i > 0 && bytes.Length > 0; i--) bytes[random.NextInt32(bytes.Length)] = (byte)random.NextUInt64();
            if (!ZoneWire.TryRead(bytes, out ZoneRequest _, out string a)) Assert.NotEqual("", a);
            if (!ZoneWire.TryRead(bytes, out ZoneReply _, out string b)) Assert.NotEqual("", b);
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"v":2,"inc":1,"seq":1,"ask":0,"ms":1,"zones":["a"],"route":[]}""")]
    [InlineData("""{"v":1,"inc":1,"seq":1,"ask":9,"ms":1,"zones":["a"],"route":[]}""")]
    [InlineData("""{"v":1,"inc":1,"seq":1,"ask":0,"ms":-1,"zones":["a"],"route":[]}""")]
    [InlineData("""{"v":1,"inc":1,"seq":1,"ask":0,"ms":1,"zones":[],"route":[]}""")]
    [InlineData("""{"v":1,"inc":1,"seq":1,"ask":0,"ms":1,"zones":["a","a"],"route":[]}""")]
    [InlineData("""{"v":1,"inc":1,"seq":1,"ask":0,"ms":1,"zones":["a/b"],"route":[]}""")]
    [InlineData("""{"v":1,"inc":1,"seq":1,"ask":0,"ms":1,"zones":[null],"route":[]}""")]
    [InlineData("""{"v":1,"inc":1,"seq":1,"ask":0,"ms":1,"zones":["\ud800"],"route":[]}""")]
    [InlineData("""{"v":1,"inc":1,"seq":1e30,"ask":0,"ms":1,"zones":["a"],"route":[]}""")]
    [InlineData("""[[[[[[[[[[[[[[[[""")]
    public void TryRead_BrokenRequest_SaysWhy(string json)
    {
        Assert.False(ZoneWire.TryRead(Encoding.UTF8.GetBytes(json), out ZoneRequest _, out string fault));
        Assert.StartsWith("Zone request: ", fault);
    }

    [Fact]
    public void TryRead_TooLarge_IsRefusedUnread() => Assert.False(ZoneWire.TryRead(new byte[ZoneWire.MaxBytes + 1], out ZoneReply _, out _));

    private static Zone Square(string id, double x) => new(id, [new(x, 0), new(x + 2, 0), new(x + 2, 2), new(x, 2)]);

    private static Stamp At(double seconds) => Stamp.FromSeconds(100 + seconds);

    private static ZoneLedger Leading(ZoneOptions options)
    {
        var ledger = new ZoneLedger(Map, options);
        ledger.Lead(1, [], At(-20));
        return ledger;
    }

    private static ZoneState Ask(ZoneLedger ledger, string rid, ulong seq, string[] zones, double at, string[]? route = null, uint inc = 1)
    {
        ledger.OnRequest(rid, new ZoneRequest(inc, seq, ZoneAsk.Acquire, zones, route ?? zones, 10_000), At(at));
        return Replies(ledger).Last(r => r.Rid == rid && r.Reply.Seq == seq).Reply.State;
    }

    private static void Exchange(ZoneHolder holder, ZoneLedger ledger, Stamp now)
    {
        while (holder.TryTake(out var request)) ledger.OnRequest("r1", request, now);
        foreach (var (_, reply) in Replies(ledger)) holder.OnReply(reply, now);
    }

    private static List<(string Rid, ZoneReply Reply)> Replies(ZoneLedger ledger)
    {
        var all = new List<(string, ZoneReply)>();
        while (ledger.TryTake(out string rid, out var reply)) all.Add((rid, reply));
        return all;
    }
}
