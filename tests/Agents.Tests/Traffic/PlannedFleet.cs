using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests.Traffic;

/// <summary>Robots that drive their plans exactly and plan anew every half window.</summary>
internal sealed class PlannedFleet
{
    public const double Radius = 0.3;

    private readonly RouteGraph _graph;
    private readonly PlannerOptions _options;
    private readonly PrioritisedPlanner _planner;
    private readonly string[] _rids;
    private readonly int[] _goals;
    private PlanRequest[] _requests;

    public PlannedFleet(RouteGraph graph, PlannerOptions options, (string Rid, int Start, int Goal)[] robots)
    {
        (_graph, _options, _planner) = (graph, options, new PrioritisedPlanner(graph, options));
        (_rids, _goals) = ([.. robots.Select(r => r.Rid)], [.. robots.Select(r => r.Goal)]);
        _requests = [.. robots.Select(r => new PlanRequest(r.Rid, r.Start, r.Goal, Radius, 1, graph[r.Start].Position, Duration.Zero))];
    }

    public PathConflict? Conflict { get; private set; }

    public double Separation { get; private set; } = double.PositiveInfinity;

    public IReadOnlyList<string> Deadlocked { get; private set; } = [];

    public string State => string.Join(" ", _requests.Select(r => $"{r.Rid}:{_graph[r.Start].Name}->{_graph[r.Goal].Name}"));

    public static PlannedFleet Random(RouteGraph graph, PlannerOptions options, int n, ulong seed)
    {
        var random = new RandomStream(seed);
        int[] starts = Shuffled(random, graph.NodeCount), goals = Shuffled(random, graph.NodeCount);
        return new PlannedFleet(graph, options, [.. Enumerable.Range(0, n).Select(i => ($"r{i}", starts[i], goals[i]))]);
    }

    public IReadOnlyList<PlanRequest> Requests() => _requests;

    public int Node(string rid) => _requests[Array.IndexOf(_rids, rid)].Start;

    public bool Run(int windows)
    {
        for (int w = 0; w < windows; w++)
        {
            if (_requests.All(r => r.Start == r.Goal && r.Delay == Duration.Zero)) return true;
            Window();
        }
        return _requests.All(r => r.Start == r.Goal);
    }

    public string Trace(int windows)
    {
        var text = new System.Text.StringBuilder();
        for (int w = 0; w < windows; w++)
        {
            Window();
            text.AppendLine(State);
        }
        return text.ToString();
    }

    private void Window()
    {
        int advance = Math.Max(1, _options.WindowSteps / 2);
        var plans = _planner.PlanWindow(_requests, null, advance);
        var end = _options.Step * advance;
        Deadlocked = plans.Deadlocked;
        for (int a = 0; a < plans.Plans.Count; a++)
        {
            for (int b = 0; b < a; b++)
            {
                Conflict ??= plans.Plans[a].FindConflict(plans.Plans[b], _options.Clearance);
                for (var t = Duration.Zero; t <= end; t += _options.Step / 10) Separation = Math.Min(Separation, Vector2D.Distance(plans.Plans[a].At(t), plans.Plans[b].At(t)));
            }
        }
        _requests = [.. plans.Plans.Select((p, i) => Next(p, i, end))];
    }

    private PlanRequest Next(PathPlan plan, int robot, Duration end)
    {
        foreach (var visit in plan.Visits)
        {
            // Between two nodes the robot is bound for the next one.
            if (visit.Out >= end || visit.In >= end) return Request(visit);
        }
        return Request(plan.Visits[^1]);

        PlanRequest Request(PathVisit v) => new(_rids[robot], v.Node, _goals[robot], Radius, 1, plan.At(end), Duration.Max(Duration.Zero, v.In - end));
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
}
