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
        int arrived = 0, count = Seeds.Count(24);
        double seconds = 0, messages = 0, apart = 9;
        for (ulong seed = 1; seed <= (ulong)count; seed++)
        {
            var fleet = Random(seed, 2 + (int)(seed % 7), seed % 8 == 0 ? PlanTrouble.None : PlanTrouble.Nominal, Options);
            string? fault = fleet.Drive(240);
            Assert.True(fault is null, $"Seed {seed}: {fault}");
            if (!fleet.Arrived && !fleet.Deadlocked) output.WriteLine($"Seed {seed} neither arrived nor deadlocked:\n{fleet}");
            else output.WriteLine($"seed {seed} n {fleet.Names.Length} {fleet.Arrived} {fleet.Seconds:F1} s windows {fleet.Windows} messages {fleet.Messages / fleet.Seconds / fleet.Names.Length:F1}/s");
            if (fleet.Arrived) arrived++;
            (seconds, messages, apart) = (seconds + fleet.Seconds, messages + fleet.Messages / fleet.Seconds / fleet.Names.Length, Math.Min(apart, fleet.Separation));
        }
        output.WriteLine($"{arrived} of {count} fleets arrive in {seconds / count:F1} s on average, the rest is reported; {messages / count:F1} messages/s and robot; least distance {apart:F3} m");
        Assert.True(arrived >= count * 8 / 10, $"{arrived} of {count}");
    }

    [Fact]
    public void Plans_BadNetworkWithAllNamed_NeverMeetAndArriveWhenHealed()
    {
        int arrived = 0, count = Seeds.Count(24);
        for (ulong seed = 1; seed <= (ulong)count; seed++)
        {
            var fleet = Random(seed, 2 + (int)(seed % 5), PlanTrouble.Hard, Options with { Robots = [] });
            string? fault = fleet.Drive(300);
            Assert.True(fault is null, $"Seed {seed}: {fault}");
            if (!fleet.Arrived && !fleet.Deadlocked) output.WriteLine($"Seed {seed} neither arrived nor deadlocked:\n{fleet}");
            if (fleet.Arrived) arrived++;
        }
        output.WriteLine($"{arrived} of {count}");
        Assert.True(arrived >= count * 8 / 10, $"{arrived} of {count}");
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

    private static PlanFleet Random(ulong seed, int robots, PlanTrouble trouble, PlanStreamOptions options)
    {
        var random = RandomStream.For(seed, "ways");
        var graph = seed % 2 == 0 ? Shelves(random, 9, 7) : Aisles(random);
        int[] starts = Shuffled(random, graph.NodeCount), goals = Shuffled(random, graph.NodeCount);
        return new PlanFleet(seed, graph, options, trouble, [.. Enumerable.Range(0, robots).Select(i => (starts[i], goals[i]))]);
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

    private static RouteGraph Grid(string[] rows, out int[] at)
    {
        bool[] free = [.. rows.SelectMany(r => r).Select(c => c == '.')];
        return RouteGraph.FromGrid(free, rows[0].Length, rows.Length, 1, default, out at);
    }
}
