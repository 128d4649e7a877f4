using EdgeAutonomy.Runtime;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.Traffic;

public class PrioritisedPlannerTests(ITestOutputHelper output)
{
    private static readonly PlannerOptions Options = new() { Step = Duration.FromSeconds(1), WindowSteps = 16, Clearance = 0.1 };

    [Fact]
    public void PlanWindow_HeadOnWithABay_OneGivesWayAndBothArrive()
    {
        var graph = Grid(["#.#####", "......."], out int[] at);
        var fleet = new PlannedFleet(graph, Options, [("a", at[7], at[13]), ("b", at[13], at[7])]);
        Assert.True(fleet.Run(10), fleet.State);
        Assert.Null(fleet.Conflict);
    }

    [Fact]
    public void PlanWindow_WithoutSwapCheck_ProducesASwap()
    {
        // The control of the check: two robots on one line pass through each other as soon as it is off.
        var graph = Grid(["...."], out int[] at);
        PlanRequest[] requests = [Request(graph, "a", at[0], at[3]), Request(graph, "b", at[3], at[0])];
        var blind = new PrioritisedPlanner(graph, Options with { Avoided = ConflictKinds.Vertex | ConflictKinds.Following }).PlanWindow(requests);
        Assert.Equal(ConflictKinds.Swap, blind.Plans[0].FindConflict(blind.Plans[1], Options.Clearance)?.Kind);
        var seeing = new PrioritisedPlanner(graph, Options).PlanWindow(requests);
        Assert.Null(seeing.Plans[0].FindConflict(seeing.Plans[1], Options.Clearance));
    }

    [Theory]
    [InlineData(ConflictKinds.Swap | ConflictKinds.Following)]
    [InlineData(ConflictKinds.Swap | ConflictKinds.Vertex)]
    public void PlanWindow_WithoutAnotherCheck_ProducesThatConflict(ConflictKinds kinds)
    {
        var graph = Grid([".....", ".....", "....."], out int[] at);
        int missing = 0;
        for (ulong seed = 0; seed < 30; seed++)
        {
            var fleet = PlannedFleet.Random(graph, Options with { Avoided = kinds }, 5, seed);
            fleet.Run(3);
            if (fleet.Conflict is { } c && (c.Kind & kinds) == 0) missing++;
        }
        Assert.True(missing > 5, $"{missing} of 30");
        Assert.Equal(15, at.Length);
    }

    [Fact]
    public void PlanWindow_RandomFleets_NeverConflictAndArrive()
    {
        int arrived = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            var graph = Open(seed, 9, 7, out _);
            var fleet = PlannedFleet.Random(graph, Options, 8, seed);
            bool done = fleet.Run(40);
            Assert.True(fleet.Conflict is null, $"seed {seed}: {fleet.Conflict}");
            Assert.True(fleet.Separation >= 2 * PlannedFleet.Radius + Options.Clearance - 1e-6, $"seed {seed}: {fleet.Separation}");
            Assert.True(done || fleet.Deadlocked.Count > 0, $"seed {seed}: {fleet.State}");
            if (done) arrived++;
        }
        output.WriteLine($"{arrived} of 40 fleets of 8 arrive; the rest is reported as deadlocked");
        Assert.True(arrived >= 34, $"{arrived}");
    }

    [Fact]
    public void PlanWindow_ExchangeThatNoWayAllows_IsReportedAsDeadlock()
    {
        var graph = Grid(["...."], out int[] at);
        var fleet = new PlannedFleet(graph, Options, [("a", at[0], at[3]), ("b", at[3], at[0])]);
        Assert.False(fleet.Run(30));
        Assert.Equal(["a", "b"], fleet.Deadlocked);
        Assert.Null(fleet.Conflict);
    }

    [Fact]
    public void PlanWindow_GoalHeldByARobotOfHigherPriority_RotatesAndFreesIt()
    {
        // The nearer robot is at its goal in the dead end's mouth and would never move for the other by itself.
        var graph = Grid(["#####.#", "......."], out int[] at);
        var fleet = new PlannedFleet(graph, Options, [("a", at[11], at[11]), ("b", at[7], at[13])]);
        fleet.Run(10);
        Assert.Equal(at[13], fleet.Node("b"));
        Assert.Null(fleet.Conflict);
    }

    [Fact]
    public void Plan_AroundAnInflatedPlan_KeepsTheInflationAway()
    {
        var graph = Grid([.. Enumerable.Repeat(".......", 7)], out int[] at);
        var planner = new PrioritisedPlanner(graph, Options);
        var other = planner.Plan(Request(graph, "b", at[27], at[21]), [])!;
        double inflation = Options.Inflation(1, Duration.FromMilliseconds(200), Duration.FromSeconds(4), 0.05);
        Assert.Equal(0.2 + 0.2 + 0.15, inflation, 1e-12);
        var own = planner.Plan(Request(graph, "a", at[22], at[27]), [new PlannedObstacle(other, inflation)]);
        Assert.NotNull(own);
        Assert.Null(own.FindConflict(other, Options.Clearance + inflation));
        // Without it the plans come nearer than that.
        var near = planner.Plan(Request(graph, "a", at[22], at[27]), [new PlannedObstacle(other, 0)])!;
        Assert.NotNull(near.FindConflict(other, Options.Clearance + inflation));
    }

    [Fact]
    public void PlanWindow_EqualInputs_GiveEqualPlans()
    {
        var graph = Open(3, 9, 7, out _);
        Assert.Equal(PlannedFleet.Random(graph, Options, 8, 3).Trace(12), PlannedFleet.Random(graph, Options, 8, 3).Trace(12));
    }

    [Fact]
    public void Solve_SmallFleets_OracleIsNeverWorseAndThePlannerNear()
    {
        double sum = 0, best = 0;
        int solved = 0;
        for (ulong seed = 0; seed < 30; seed++)
        {
            var graph = Open(seed, 6, 5, out _);
            var fleet = PlannedFleet.Random(graph, Options with { WindowSteps = 40 }, 4, seed);
            var oracle = new ConflictBasedSearch(graph, Options, 40, 1500);
            var requests = fleet.Requests();
            if (oracle.Solve(requests, out int cost) is not { } plans) continue;
            for (int a = 0; a < plans.Count; a++)
            {
                for (int b = 0; b < a; b++) Assert.Null(plans[a].FindConflict(plans[b], Options.Clearance));
            }
            var single = new PrioritisedPlanner(graph, Options with { WindowSteps = 40 }).PlanWindow(requests);
            int own = single.Plans.Zip(requests, Arrival).Sum();
            if (own > 1000) continue;
            Assert.True(own >= cost, $"seed {seed}: planner {own} beats the optimum {cost}");
            (sum, best, solved) = (sum + own, best + cost, solved + 1);
        }
        output.WriteLine($"{solved} of 30 solved by both; planner / optimum = {sum / best:F3}");
        Assert.True(solved >= 20, $"{solved}");
        Assert.True(sum / best < 1.25, $"{sum / best}");
    }

    private static int Arrival(PathPlan plan, PlanRequest request) => plan.Last == request.Goal ? (int)(plan.Visits[^1].In.Seconds / Options.Step.Seconds) : 10_000;

    private static PlanRequest Request(RouteGraph graph, string rid, int start, int goal) => new(rid, start, goal, PlannedFleet.Radius, 1, graph[start].Position, Duration.Zero);

    private static RouteGraph Grid(string[] rows, out int[] at)
    {
        bool[] free = [.. rows.SelectMany(r => r).Select(c => c == '.')];
        return RouteGraph.FromGrid(free, rows[0].Length, rows.Length, 1, default, out at);
    }

    private static RouteGraph Open(ulong seed, int width, int height, out int[] at)
    {
        // A sixth of the cells are shelves, two apart so that all ways stay open.
        var random = new RandomStream(seed + 1000);
        var free = new bool[width * height];
        for (int i = 0; i < free.Length; i++) free[i] = i % width % 2 == 0 || i / width % 2 == 0 || random.NextDouble() < 0.4;
        return RouteGraph.FromGrid(free, width, height, 1, default, out at);
    }
}
