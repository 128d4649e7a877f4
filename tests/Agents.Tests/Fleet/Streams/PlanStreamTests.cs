using EdgeAutonomy.Runtime;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests;

public sealed class PlanStreamTests(ITestOutputHelper output)
{
    private static readonly PlanStreamOptions Options = new()
    {
        Planner = new PlannerOptions { Step = Duration.FromSeconds(1), WindowSteps = 16, Clearance = 0.1 }, Radius = PlanTraveller.Radius, Speed = PlanTraveller.Speed, Tolerance = 0.1,
    };

    [Fact]
    public void Plans_RandomFleetsNominalNetwork_NeverMeetAndArrive()
    {
        int arrived = 0, reported = 0, count = Seeds.Count(100);
        double seconds = 0, messages = 0, apart = 9;
        string open = "";
        for (ulong seed = 1; seed <= (ulong)count; seed++)
        {
            var fleet = Random(seed, 2 + (int)(seed % 7), seed % 8 == 0 ? PlanTrouble.None : PlanTrouble.Nominal, Options);
            string? fault = fleet.Drive(300);
            Assert.True(fault is null, $"Seed {seed}: {fault}");
            if (fleet.Arrived) arrived++;
            else if (fleet.Deadlocked) reported++;
            else open += $"{Environment.NewLine}Seed {seed}: {fleet}";
            (seconds, messages, apart) = (seconds + (fleet.Arrived ? fleet.Seconds : 0), messages + fleet.Messages / fleet.Seconds / fleet.Names.Length, Math.Min(apart, fleet.Separation));
        }
        output.WriteLine($"{arrived} of {count} fleets arrive, in {seconds / arrived:F1} s on average, {reported} report a deadlock; {messages / count:F1} messages/s and robot; least distance {apart:F3} m");
        Assert.True(open.Length == 0, open);
        Assert.True(arrived >= count * 9 / 10, $"{arrived} of {count}");
    }

    [Fact]
    public void Plans_BadNetworkWithAllNamed_NeverMeetAndArriveWhenHealed()
    {
        int arrived = 0, count = Seeds.Count(100);
        string open = "";
        for (ulong seed = 1; seed <= (ulong)count; seed++)
        {
            var fleet = Random(seed, 2 + (int)(seed % 7), PlanTrouble.Hard, Options with { Robots = [] });
            string? fault = fleet.Drive(300);
            Assert.True(fault is null, $"Seed {seed}: {fault}");
            if (fleet.Arrived) arrived++;
            else if (!fleet.Deadlocked) open += $"{Environment.NewLine}Seed {seed}: {fleet}";
        }
        output.WriteLine($"{arrived} of {count} arrive");
        Assert.True(open.Length == 0, open);
        Assert.True(arrived >= count * 9 / 10, $"{arrived} of {count}");
    }

    [Fact]
    public void Plans_RobotsOnWheels_StayApartAndArrive()
    {
        var options = Options with { Radius = 0.35, Speed = 0.5, Tolerance = 0.15, Deceleration = 0.5, Robots = [], Planner = Options.Planner with { WindowSteps = 24 } };
        int arrived = 0, count = Seeds.Count(40);
        double apart = 9, seconds = 0;
        for (ulong seed = 1; seed <= (ulong)count; seed++)
        {
            if (seed % 5 == 4) continue;
            var fleet = Random(seed, 2 + (int)(seed % 5), seed % 2 == 0 ? PlanTrouble.Nominal : PlanTrouble.Hard, options, onWheels: true);
            string? fault = fleet.Drive(400);
            Assert.True(fault is null, $"Seed {seed}: {fault}");
            Assert.True(fleet.Arrived || fleet.Deadlocked, $"Seed {seed}: {fleet}");
            if (fleet.Arrived) (arrived, seconds) = (arrived + 1, seconds + fleet.Seconds);
            apart = Math.Min(apart, fleet.Separation);
        }
        output.WriteLine($"{arrived} of {count * 4 / 5} arrive, in {seconds / arrived:F1} s on average; least distance {apart:F3} m");
        Assert.True(arrived >= count * 4 / 5 * 9 / 10, $"{arrived} of {count * 4 / 5}");
    }

    [Fact]
    public void Plans_EnteredUnasked_IsCaught()
        => Assert.NotNull(Seeds.FirstFailing(100, seed => Random(seed, 2 + (int)(seed % 7), PlanTrouble.Nominal, Options with { TakesUnasked = true }).Drive(60)));

    // What may not be said of it: two halves that have lost each other for longer than they wait drive on both.
    [Fact]
    public void Plans_LongPartitionsWithoutNames_MayMeet()
        => Assert.NotNull(Seeds.FirstFailing(100, seed => Random(seed, 2 + (int)(seed % 7), PlanTrouble.Hard, Options).Drive(60)));

    [Fact]
    public void Plans_PrioritiesIgnored_IsCaught()
    {
        // Nobody meets, but nobody gets out of anybody's way either.
        var graph = Grid(["###.###", "......."], out int[] at);
        var fleet = new PlanFleet(1, graph, Options with { IgnoresPriority = true }, PlanTrouble.Nominal, [(at[7], at[13]), (at[13], at[7])]);
        Assert.Null(fleet.Drive(10 * 8 + 5));
        Assert.False(fleet.Arrived);
    }

    [Fact]
    public void Plans_NamedRobotThatIsSilent_NobodyMovesUntilForgotten()
    {
        var graph = Grid(["......."], out int[] at);
        var fleet = new PlanFleet(1, graph, Options with { Robots = [] }, PlanTrouble.None, [(at[0], at[3]), (at[6], at[6])]);
        fleet[1].Crash();
        fleet.Drive(20, untilArrived: false);
        Assert.Equal(graph[at[0]].Position, fleet[0].At);
        Assert.Equal("r2", fleet[0].Plans!.WaitsFor);
        Assert.True(fleet[0].Plans!.Forget("r2"));
        fleet.Drive(30, untilArrived: false);
        Assert.True(fleet[0].Arrived);
    }

    [Fact]
    public void Plans_RobotDiesOnTheWay_OthersGoAround()
    {
        // A ring: the short way leads through the place of the one that is dead.
        var graph = Grid([".....", ".###.", "....."], out int[] at);
        var fleet = new PlanFleet(1, graph, Options, PlanTrouble.None, [(at[0], at[4]), (at[2], at[2])]);
        fleet.At(PlanFleet.Second, () => fleet[1].Crash());
        Assert.Null(fleet.Drive(24, untilArrived: false));
        Assert.True(Vector2D.Distance(fleet[0].At, graph[at[4]].Position) < 0.1, fleet.ToString());
        Assert.Equal(graph[at[2]].Position, fleet[1].At);
    }

    [Fact]
    public void Plans_RobotWithoutGoal_MakesRoom()
    {
        var graph = Grid(["##.##", "....."], out int[] at);
        var fleet = new PlanFleet(1, graph, Options, PlanTrouble.Nominal, [(at[5], at[9]), (at[7], at[7])]);
        fleet[1].Plans!.Clear(fleet[1].Now);
        Assert.Null(fleet.Drive(25, untilArrived: false));
        Assert.True(fleet[0].Arrived, fleet.ToString());
        Assert.Equal(-1, fleet[1].Plans!.Goal);
    }

    [Fact]
    public void Plans_SameSeed_SameRun()
    {
        Assert.Equal(Trace(), Trace());

        static ulong Trace()
        {
            var fleet = Random(6, 8, PlanTrouble.Hard, Options);
            fleet.Drive(40, untilArrived: false);
            return fleet.Hub.TraceHash;
        }
    }

    [Theory]
    [InlineData("#.#####/.......", 7, 13)]
    [InlineData("###.###/.......", 7, 13)]
    [InlineData("#..####/.......", 7, 13)]
    public void Plans_HeadOnInALaneWithAPassingPlace_BothArriveWithinTenWindows(string rows, int left, int right)
    {
        var graph = Grid(rows.Split('/'), out int[] at);
        for (ulong seed = 1; seed <= 6; seed++)
        {
            var fleet = new PlanFleet(seed, graph, Options, PlanTrouble.Nominal, [(at[left], at[right]), (at[right], at[left])]);
            string? fault = fleet.Drive(10 * 8 + 5);
            Assert.True(fault is null, $"Seed {seed}: {fault}");
            Assert.True(fleet.Arrived, $"Seed {seed}: {fleet.Seconds} s, {fleet}");
            output.WriteLine($"seed {seed}: {fleet.Seconds:F1} s, {fleet.Windows} windows failed at most");
        }
    }

    [Fact]
    public void Plans_ExchangeThatNoWayAllows_IsReported()
    {
        var fleet = new PlanFleet(1, Grid(["...."], out int[] at), Options, PlanTrouble.Nominal, [(at[0], at[3]), (at[3], at[0])]);
        Assert.Null(fleet.Drive(180));
        Assert.True(fleet.Deadlocked);
        Assert.False(fleet.Arrived);
    }

    [Fact]
    public void SetGoal_OutsideOfTheGraph_IsRefused()
    {
        var fleet = new PlanFleet(1, Grid(["..."], out _), Options, PlanTrouble.None, [(0, 2)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => fleet[0].Plans!.SetGoal(3, 0, fleet[0].Now));
        Assert.Throws<ArgumentOutOfRangeException>(() => fleet[0].Plans!.SetGoal(-1, 0, fleet[0].Now));
        Assert.Throws<ArgumentOutOfRangeException>(() => fleet[0].Plans!.SetGoal(1, int.MinValue, fleet[0].Now));
        Assert.Throws<ArgumentException>(() => new PlanStream(fleet[0].Node!, fleet.Graph, Options with { Tolerance = 1 }));
        Assert.Throws<ArgumentException>(() => new PlanStream(fleet[0].Node!, fleet.Graph, Options with { Planner = Options.Planner with { WindowSteps = 512 } }));
    }

    [Fact]
    public void Receive_HostileBytes_AreCountedAndNothingElse()
    {
        var graph = Grid([".....", "....."], out int[] at);
        var fleet = new PlanFleet(1, graph, Options, PlanTrouble.None, [(at[0], at[4]), (at[9], at[9])]);
        fleet.Drive(2, untilArrived: false);
        var (stream, random) = (fleet[0].Plans!, RandomStream.For(1, "hostile"));
        var way = new PathPlan(graph, "r2", 0.3, graph[at[9]].Position, [new PathVisit(at[9], default, Duration.FromSeconds(16)), new PathVisit(at[8], Duration.FromSeconds(17), Duration.FromSeconds(18))]);
        byte[] good = PlanWire.Write(PlanMessage.Of(way, graph, 2, 1000, fleet[0].Now, default) with { Held = 1, Claimed = 2, Since = 3, Turn = 4, Front = 1, Heard = [new PlanMark("r1", 1, 2)] });
        int refused = 0;
        for (int k = 0; k < 20_000; k++)
        {
            byte[] bytes = k % 5 == 0 ? [.. Enumerable.Range(0, random.NextInt32(300)).Select(_ => (byte)random.NextUInt64())] : [.. good.AsSpan(0, k % 3 == 0 ? random.NextInt32(good.Length + 1) : good.Length)];
            for (int i = random.NextInt32(4); i > 0 && bytes.Length > 0; i--) bytes[random.NextInt32(bytes.Length)] = (byte)random.NextUInt64();
            if (!stream.Receive(new FleetMessage { From = $"x{k % 40}", Payload = bytes, Retained = k % 2 == 0, Now = fleet[0].Now })) refused++;
            if (k % 100 == 0) fleet[0].Node!.Step(fleet[0].Now);
        }
        Assert.True(refused > 5_000, $"{refused}");
        Assert.True(stream.Stale > 0);
        // Other levels below the topic, other graphs.
        Assert.False(stream.Receive(new FleetMessage { From = "y", Rest = "z"u8, Payload = good, Now = fleet[0].Now }));
        long before = stream.Refused;
        Assert.True(stream.Receive(new FleetMessage { From = "y", Payload = PlanWire.Write(new PlanMessage(1, 1, default, default, 0.3, default, 0, [("nowhere", default, default)])), Now = fleet[0].Now }));
        Assert.Equal(before + 1, stream.Refused);
        // Robots that are there and say the greatest of everything.
        foreach (long start in (long[])[long.MinValue, 0, long.MaxValue])
        {
            string name = $"e{start % 10}";
            fleet[0].Node!.Members.OnBeacon(name, fleet[1].Node!.Pose with { Prefix = new FleetPrefix(FleetKind.Beacon, FleetFlags.Localised, uint.MaxValue, 1, 0, 0) }, fleet[0].Now);
            var worst = PlanMessage.Of(way, graph, uint.MaxValue, ulong.MaxValue, new Stamp(start), new Stamp(start)) with { Front = PlanMessage.MaxRank, Turn = PlanMessage.MaxRank, Urgency = PlanMessage.MaxRank, Since = ulong.MaxValue, Heard = [new PlanMark("r1", uint.MaxValue, ulong.MaxValue)] };
            Assert.True(stream.Receive(new FleetMessage { From = name, Payload = PlanWire.Write(worst), Now = fleet[0].Now }));
            fleet.Drive(fleet.Seconds + 0.5, untilArrived: false);
        }
        // Within the node it is counted as malformed.
        var hub = fleet.Hub.CreateLink(new LinkOptions { Broker = new Uri("mqtt://hub"), ClientId = "evil" });
        _ = hub.StartAsync();
        hub.Post(new FleetTopics("s", "z").Own("plan"), "{}"u8, new PublishOptions(PublishClass.Command));
        fleet.Drive(fleet.Seconds + 2, untilArrived: false);
        Assert.True(fleet[0].Node!.Counters.Malformed > 0);
    }

    [Fact]
    public void Receive_OldMessages_CostNothing()
    {
        var graph = Grid(["....."], out int[] at);
        var fleet = new PlanFleet(1, graph, Options, PlanTrouble.None, [(at[0], at[4]), (at[4], at[4])]);
        fleet.Drive(4, untilArrived: false);
        var stream = fleet[0].Plans!;
        byte[] old = PlanWire.Write(PlanMessage.Of(new PathPlan(graph, "r2", 0.3, default, [new PathVisit(0, default, default)]), graph, 1, 1, default, default));
        var now = fleet[0].Now;
        stream.Receive(new FleetMessage { From = "r2", Payload = old, Now = now });
        long stale = stream.Stale, before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) stream.Receive(new FleetMessage { From = "r2", Payload = old, Now = now });
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(stale + 1000, stream.Stale);
    }

    private static PlanFleet Random(ulong seed, int robots, PlanTrouble trouble, PlanStreamOptions options, bool onWheels = false)
    {
        var random = RandomStream.For(seed, "ways");
        var graph = (seed % 5) switch { 0 or 1 => Shelves(random, 9, 7), 2 or 3 => Aisles(random), _ => Crossing(random) };
        int[] starts = Shuffled(random, graph.NodeCount), goals = Shuffled(random, graph.NodeCount);
        return new PlanFleet(seed, graph, options, trouble, [.. Enumerable.Range(0, robots).Select(i => (starts[i], goals[i]))], onWheels);
    }

    private static int[] Shuffled(RandomStream random, int n)
    {
        var order = Enumerable.Range(0, n).ToArray();
        for (int i = n - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    // A sixth of the cells are shelves, two apart so that all ways stay open.
    private static RouteGraph Shelves(RandomStream random, int width, int height)
    {
        var free = new bool[width * height];
        for (int i = 0; i < free.Length; i++) free[i] = i % width % 2 == 0 || i / width % 2 == 0 || random.NextDouble() < 0.4;
        return RouteGraph.FromGrid(free, width, height, 1, default, out _);
    }

    // Lanes for one robot between two ways across, with passing places here and there.
    private static RouteGraph Aisles(RandomStream random)
    {
        const int Width = 9, Height = 9;
        var free = new bool[Width * Height];
        for (int i = 0; i < free.Length; i++) free[i] = i / Width is 0 or 1 or Height - 1 || i % Width % 4 == 0 || (i % Width % 4 == 1 && random.NextDouble() < 0.3);
        return RouteGraph.FromGrid(free, Width, Height, 1, default, out _);
    }

    // Nodes anywhere, with ways that cross each other and pass near other nodes.
    private static RouteGraph Crossing(RandomStream random)
    {
        var nodes = new List<(string, Vector2D)>();
        while (nodes.Count < 30)
        {
            var at = new Vector2D(random.NextDouble(0, 6), random.NextDouble(0, 6));
            if (nodes.TrueForAll(n => Vector2D.Distance(n.Item2, at) > 0.8)) nodes.Add(($"n{nodes.Count}", at));
            else if (random.NextInt32(2000) == 0) break;
        }
        var edges = new List<(int, int, double)>();
        for (int a = 0; a < nodes.Count; a++)
        {
            for (int b = 0; b < nodes.Count; b++)
            {
                if (a != b && Vector2D.Distance(nodes[a].Item2, nodes[b].Item2) < 1.9) edges.Add((a, b, double.PositiveInfinity));
            }
        }
        return new RouteGraph(nodes, edges);
    }

    private static RouteGraph Grid(string[] rows, out int[] at)
    {
        bool[] free = [.. rows.SelectMany(r => r).Select(c => c == '.')];
        return RouteGraph.FromGrid(free, rows[0].Length, rows.Length, 1, default, out at);
    }
}
