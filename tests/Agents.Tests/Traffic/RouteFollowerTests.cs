using EdgeAutonomy.Runtime;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.Traffic;

public class RouteFollowerTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.1;
    private static readonly PlannerOptions Planner = new() { Step = Duration.FromSeconds(0.5), WindowSteps = 64, Clearance = 0.1 };
    private static readonly RouteFollowerOptions Options = new() { MaxSpeed = 1, Deceleration = 0.5, CornerSpeed = 0.2 };

    [Fact]
    public void Follow_StraightPastSeveralNodes_HeadsForTheLastThatMayBeEntered()
    {
        var (graph, at) = Floor();
        var follower = new RouteFollower(graph, Options);
        PathPlan plan = Plan(graph, (at[0], 0, 0), (at[1], 2, 2), (at[2], 4, 4), (at[3], 6, 6), (at[3 + 7], 8, 20));
        Assert.Equal(at[3], follower.Follow(plan, default, 0, 5, new(0, 0), default).Node);
        Assert.Equal(at[2], follower.Follow(plan, default, 0, 3, new(0, 0), default).Node);
        // 1 m in 2 s, and no faster although the next node is farther.
        Assert.Equal(0.5, follower.Follow(plan, default, 0, 5, new(0, 0), default).Speed, 1e-9);
        // Half a second lost: made good, but not early at the next.
        Assert.Equal(1 / 1.5, follower.Follow(plan, default, 0, 5, new(0, 0), At(0.5)).Speed, 1e-9);
        // Off the line by more than the nodes in between allow.
        Assert.Equal(at[1], follower.Follow(plan, default, 0, 5, new(0, 0.4), default).Node);
        // Beyond the corner it goes on.
        var beyond = follower.Follow(plan, default, 3, 5, new(3, 0), At(6));
        Assert.Equal((at[10], 0.5), (beyond.Node, beyond.Speed));
    }

    [Fact]
    public void Follow_NothingGranted_StaysAndSaysWhenLate()
    {
        var (graph, at) = Floor();
        var follower = new RouteFollower(graph, Options);
        PathPlan plan = Plan(graph, (at[0], 0, 3), (at[1], 5, 20));
        Assert.Equal(new RouteAdvice(-1, new(0.1, 0.2), 0, false), follower.Follow(plan, default, -1, 0, new(0.1, 0.2), default));
        Assert.Equal(new RouteAdvice(at[0], default, 0, false), follower.Follow(plan, default, 0, 1, default, At(5.5)));
        Assert.True(follower.Follow(plan, default, 0, 1, default, At(5.6)).IsLate);
        // Granted, but its time has not come.
        Assert.Equal(new RouteAdvice(at[0], default, 0, false), follower.Follow(plan, default, 0, 2, default, At(2.9)));
        Assert.Equal(at[1], follower.Follow(plan, default, 0, 2, default, At(3)).Node);
        // Pushed away, it goes back slowly.
        var back = follower.Follow(plan, default, 0, 1, new(0.3, 0), At(1));
        Assert.Equal((at[0], 0.2), (back.Node, back.Speed));
        Assert.False(follower.Follow(plan, default, 1, 2, new(1, 0), At(500)).IsLate);
        Assert.Throws<ArgumentOutOfRangeException>(() => follower.Follow(plan, default, 0, 3, default, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => follower.Follow(plan, default, 2, 2, default, default));
        Assert.Throws<ArgumentException>(() => new RouteFollower(graph, Options with { CornerSpeed = 2 }));
    }

    [Fact]
    public void Follow_ThereAndBack_DoesNotTurnEarly()
    {
        var (graph, at) = Floor();
        var follower = new RouteFollower(graph, Options);
        PathPlan plan = Plan(graph, (at[0], 0, 0), (at[1], 2, 2), (at[2], 4, 4), (at[1], 6, 20));
        Assert.Equal(at[2], follower.Follow(plan, default, 0, 4, default, default).Node);
        Assert.Equal(at[1], follower.Follow(plan, default, 2, 4, new(2, 0), At(4)).Node);
    }

    [Fact]
    public void Follow_SlowEdge_KeepsItsLimit()
    {
        var graph = new RouteGraph([("a", new(0, 0)), ("b", new(4, 0)), ("c", new(8, 0))], [(0, 1, double.PositiveInfinity), (1, 2, 0.3)]);
        var follower = new RouteFollower(graph, Options);
        Assert.Equal(1, follower.Follow(Plan(graph, (0, 0, 0), (1, 1, 1)), default, 0, 2, default, At(1)).Speed);
        Assert.Equal(0.3, follower.Follow(Plan(graph, (0, 0, 0), (1, 1, 1), (2, 2, 2)), default, 1, 3, new(4, 0), At(1)).Speed);
    }

    [Fact]
    public void Follow_UnicycleWithErrors_IsNeverEarlyStaysOnItsLinesAndArrives()
    {
        double stray = 0, early = 0, behind = 0;
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var random = new RandomStream(seed);
            var (graph, at) = Floor();
            int start = at[random.NextInt32(at.Length)], goal = at[random.NextInt32(at.Length)];
            var plan = new PrioritisedPlanner(graph, Planner).Plan(new PlanRequest("r", start, goal, 0.3, 0.5, graph[start].Position, Duration.Zero), [])!;
            var run = new Unicycle(graph, plan, random) { Pace = random.NextDouble(0.9, 1.05) };
            run.Drive(40);
            Assert.True(run.Reached == plan.Visits.Length - 1, $"seed {seed}: {run.Reached} of {plan.Visits.Length} at {run.At}");
            Assert.False(run.EverLate, $"seed {seed}");
            (stray, early, behind) = (Math.Max(stray, run.Stray), Math.Max(early, run.Early), Math.Max(behind, run.Behind));
        }
        output.WriteLine($"strays by {stray:F3} m at most, {early:F3} s early at most, {behind:F2} s behind at most");
        Assert.True(stray < 0.15, $"{stray}");
        // A node counts as reached from its tolerance on: 0.1 m at 0.5 m/s are 0.2 s; the rest is the error of the speed.
        Assert.True(early < 0.3, $"{early}");
    }

    [Fact]
    public void Follow_RobotThatIsMuchTooSlow_IsLate()
    {
        var (graph, at) = Floor();
        var plan = new PrioritisedPlanner(graph, Planner).Plan(new PlanRequest("r", at[0], at[6], 0.3, 0.5, default, Duration.Zero), [])!;
        var run = new Unicycle(graph, plan, new RandomStream(1)) { Pace = 0.3 };
        run.Drive(40);
        Assert.True(run.EverLate);
    }

    [Fact]
    public void Follow_ClaimsThatComeLate_StopsBeforeThem()
    {
        var (graph, at) = Floor();
        var plan = new PrioritisedPlanner(graph, Planner).Plan(new PlanRequest("r", at[0], at[6], 0.3, 0.5, default, Duration.Zero), [])!;
        var run = new Unicycle(graph, plan, new RandomStream(2)) { Most = 4 };
        run.Drive(40);
        Assert.Equal(3, run.Reached);
        Assert.True(Math.Abs(run.At.X - 3) < Tolerance && Math.Abs(run.Furthest - 3) < 0.05, $"{run.At} {run.Furthest}");
        Assert.True(run.EverLate);
    }

    [Fact]
    public void Follow_Allocates_Nothing()
    {
        var (graph, at) = Floor();
        var follower = new RouteFollower(graph, Options);
        PathPlan plan = Plan(graph, (at[0], 0, 0), (at[1], 2, 2), (at[2], 4, 4));
        follower.Follow(plan, default, 0, 3, default, default);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++) follower.Follow(plan, default, 0, 3, new(i * 1e-3, 0), At(i * 1e-3));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (RouteGraph Graph, int[] At) Floor() => (RouteGraph.FromGrid([.. Enumerable.Repeat(true, 28)], 7, 4, 1, default, out int[] at), at);

    private static PathPlan Plan(RouteGraph graph, params (int Node, double In, double Out)[] visits)
        => new(graph, "r", 0.3, graph[visits[0].Node].Position, [.. visits.Select(v => new PathVisit(v.Node, Duration.FromSeconds(v.In), Duration.FromSeconds(v.Out)))]);

    private static Stamp At(double seconds) => Stamp.FromSeconds(seconds);

    /// <summary>Two wheels that turn towards the point first and drive then, with an error of the speed and limits of acceleration.</summary>
    private sealed class Unicycle(RouteGraph graph, PathPlan plan, RandomStream random)
    {
        private const double Tick = 0.05;
        // Turning on the spot takes up to two seconds, which the planner does not know of.
        private readonly RouteFollower _follower = new(graph, Options with { LateAfter = Duration.FromSeconds(2) });
        private double _heading = random.NextDouble(-Math.PI, Math.PI), _speed, _time;

        public double Pace { get; init; } = 1;

        public int Most { get; init; } = int.MaxValue;

        public Vector2D At { get; private set; } = graph[plan.Visits[0].Node].Position;

        public int Reached { get; private set; }

        public bool EverLate { get; private set; }

        public double Stray { get; private set; }

        public double Early { get; private set; }

        public double Behind { get; private set; }

        public double Furthest { get; private set; }

        public void Drive(double seconds)
        {
            var visits = plan.Visits;
            for (_time = 0; _time < seconds; _time += Tick)
            {
                var now = RouteFollowerTests.At(_time);
                // As from the others: two seconds before it is wanted.
                int granted = 1;
                while (granted < Math.Min(Most, visits.Length) && visits[granted - 1].Out.Seconds <= _time + 2) granted++;
                var advice = _follower.Follow(plan, default, Reached, granted, At, now);
                EverLate |= advice.IsLate;
                Move(advice);
                while (Reached + 1 < granted && Vector2D.Distance(At, graph[visits[Reached + 1].Node].Position) <= Tolerance)
                {
                    Reached++;
                    Early = Math.Max(Early, visits[Reached].In.Seconds - _time);
                    Behind = Math.Max(Behind, _time - visits[Reached].In.Seconds);
                }
                Vector2D a = graph[visits[Reached].Node].Position, b = graph[visits[Math.Min(Reached + 1, granted - 1)].Node].Position;
                Vector2D before = graph[visits[Math.Max(0, Reached - 1)].Node].Position;
                Stray = Math.Max(Stray, Math.Min(Vector2D.Distance(At, Vector2D.Nearest(a, b, At)), Vector2D.Distance(At, Vector2D.Nearest(before, a, At))));
                Furthest = Math.Max(Furthest, At.X);
            }
        }

        private void Move(in RouteAdvice advice)
        {
            Vector2D to = advice.Point - At;
            double bearing = to.Length < 0.02 ? 0 : Math.IEEERemainder(Math.Atan2(to.Y, to.X) - _heading, 2 * Math.PI);
            _heading += Math.Clamp(bearing / Tick, -2, 2) * Tick;
            double want = Math.Abs(bearing) > 0.3 ? 0 : advice.Speed * Pace;
            _speed += Math.Clamp(want - _speed, -1.0 * Tick, 0.8 * Tick);
            At += new Vector2D(Math.Cos(_heading), Math.Sin(_heading)) * (_speed * Tick);
        }
    }
}
