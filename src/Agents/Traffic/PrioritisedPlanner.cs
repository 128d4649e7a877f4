using System.Runtime.InteropServices;

namespace EdgeAutonomy.Agents;

/// <summary>Plans the paths of many robots window by window, one after the other by priority, each around those before it (docs/fleet.md).</summary>
/// <remarks>
/// <para>Priority: robots that made no progress for <see cref="PlannerOptions.RotateAfter"/> windows first and until they arrive, in the order in which that happened; then urgency, then the shorter way, then the lower id. Within
/// a window the robots before one that finds no way leave it some time at its node to get out of theirs; if that does not help it moves to the front and the rest is planned anew; one that finds none there either holds its node and all others plan around it. Because robots that drive claim the node they
/// drive to, holding is always safe; so the result has no conflict, whatever the order (after at most five restarts per robot).</para>
/// <para>Plan anew at whole steps, well before the window ends. Equal calls in equal order give equal plans on every machine, so that each robot can compute the plans of all. Not thread-safe.</para>
/// </remarks>
public sealed class PrioritisedPlanner
{
    // Steps: 2, 4, 8.
    private const int MostGrace = 8;

    private readonly RouteGraph _graph;
    private readonly PlannerOptions _options;
    private readonly WindowSearch _search;
    private readonly SortedDictionary<string, Progress> _progress = new(StringComparer.Ordinal);
    private long _boosts;
    private int _standstill;

    /// <summary>Makes a planner.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or graph and window together are too large.</exception>
    public PrioritisedPlanner(RouteGraph graph, PlannerOptions options)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Fault() is { } fault) throw new ArgumentException(fault, nameof(options));
        (_graph, _options, _search) = (graph, options, new WindowSearch(graph, options));
    }

    /// <summary>Plans one robot around plans that go before it.</summary>
    /// <param name="request">The robot.</param>
    /// <param name="before">Plans that it must respect: those of higher priority, of robots that hold, and of robots without a plan (standing where they were last seen).</param>
    /// <returns>Null when there is no way: hold the node.</returns>
    public PathPlan? Plan(in PlanRequest request, ReadOnlySpan<PlannedObstacle> before)
    {
        Check(request);
        return _search.Find(request, _graph.TicksTo(request.Goal, request.Speed, _options.Step), before, FailedOf(request.Rid));
    }

    /// <summary>Plans one robot towards wherever fewer steps are left.</summary>
    internal PathPlan? Plan(in PlanRequest request, int[] left, ReadOnlySpan<PlannedObstacle> before)
    {
        Check(request);
        return _search.Find(request, left, before, 0);
    }

    /// <summary>Returns the plan of a robot that holds its node.</summary>
    public PathPlan Hold(in PlanRequest request)
    {
        Check(request);
        var end = Duration.Max(request.Delay, _options.Step * _options.WindowSteps);
        return new PathPlan(_graph, request.Rid, request.Radius, request.Position, [new PathVisit(request.Start, request.Delay, end)], FailedOf(request.Rid));
    }

    /// <summary>Plans all robots for the next window.</summary>
    /// <param name="requests">The robots; ids differ.</param>
    /// <param name="obstacles">Plans of robots that are not among them.</param>
    /// <param name="advance">After how many steps the next window will be planned: progress is measured there. Default half a window.</param>
    public WindowPlans PlanWindow(IReadOnlyList<PlanRequest> requests, IReadOnlyList<PlannedObstacle>? obstacles = null, int advance = 0)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var ticks = new int[requests.Count][];
        for (int i = 0; i < ticks.Length; i++)
        {
            Check(requests[i]);
            ticks[i] = _graph.TicksTo(requests[i].Goal, requests[i].Speed, _options.Step);
        }
        var order = Order(requests, ticks);
        var plans = new PathPlan?[requests.Count];
        var held = new SortedSet<string>(StringComparer.Ordinal);
        int restarts = PlanInOrder(requests, ticks, obstacles ?? [], order, plans, held);
        Follow(requests, ticks, plans, advance > 0 ? advance : Math.Max(1, _options.WindowSteps / 2));
        return new WindowPlans(plans!, [.. held], Deadlocked(requests), restarts);
    }

    private int PlanInOrder(IReadOnlyList<PlanRequest> requests, int[][] ticks, IReadOnlyList<PlannedObstacle> obstacles, List<int> order, PathPlan?[] plans, SortedSet<string> held)
    {
        var promoted = new bool[requests.Count];
        var grace = new int[requests.Count];
        var before = new List<PlannedObstacle>();
        for (int restarts = 0; ; restarts++)
        {
            before.Clear();
            before.AddRange(obstacles);
            // Robots that hold stand first, whatever their place in the order.
            foreach (int i in order.Where(i => held.Contains(requests[i].Rid))) before.Add(new PlannedObstacle(plans[i] = Hold(requests[i]), 0));
            int failed = -1;
            foreach (int i in order)
            {
                if (held.Contains(requests[i].Rid)) continue;
                int firm = before.Count;
                for (int k = order.IndexOf(i) + 1; k < order.Count; k++)
                {
                    int j = order[k];
                    if (grace[j] > 0 && !held.Contains(requests[j].Rid)) before.Add(new PlannedObstacle(PathPlan.Leaving(requests[j], _graph[requests[j].Start].Position, requests[j].Delay + _options.Step * grace[j]), 0));
                }
                plans[i] = _search.Find(requests[i], ticks[i], CollectionsMarshal.AsSpan(before), FailedOf(requests[i].Rid));
                before.RemoveRange(firm, before.Count - firm);
                if (plans[i] is not { } plan)
                {
                    failed = i;
                    break;
                }
                before.Add(new PlannedObstacle(plan, 0));
            }
            if (failed < 0) return restarts;
            if (!promoted[failed] && grace[failed] < MostGrace)
            {
                grace[failed] = Math.Max(2, 2 * grace[failed]);
                continue;
            }
            if (promoted[failed]) held.Add(requests[failed].Rid);
            promoted[failed] = true;
            order.Remove(failed);
            order.Insert(0, failed);
        }
    }

    private List<int> Order(IReadOnlyList<PlanRequest> requests, int[][] ticks)
    {
        var order = Enumerable.Range(0, requests.Count).ToList();
        order.Sort((a, b) =>
        {
            int c = BoostOf(requests[a].Rid).CompareTo(BoostOf(requests[b].Rid));
            if (c == 0) c = requests[b].Urgency.CompareTo(requests[a].Urgency);
            if (c == 0) c = ticks[a][requests[a].Start].CompareTo(ticks[b][requests[b].Start]);
            return c != 0 ? c : string.CompareOrdinal(requests[a].Rid, requests[b].Rid);
        });
        return order;
    }

    private void Follow(IReadOnlyList<PlanRequest> requests, int[][] ticks, PathPlan?[] plans, int advance)
    {
        bool any = false;
        for (int i = 0; i < requests.Count; i++)
        {
            if (!_progress.TryGetValue(requests[i].Rid, out var p) || p.Goal != requests[i].Goal) p = new Progress { Goal = requests[i].Goal, Best = ticks[i][requests[i].Start], Boost = long.MaxValue };
            _progress[requests[i].Rid] = p;
            int left = ticks[i][NodeAt(plans[i]!, _options.Step * advance)];
            if (left == 0 || left < p.Best)
            {
                any |= left < p.Best;
                (p.Best, p.Failed) = (Math.Min(left, p.Best), 0);
                // Who goes first goes first until it has arrived; else two robots push each other to and fro.
                if (left == 0) p.Boost = long.MaxValue;
                continue;
            }
            if (++p.Failed % _options.RotateAfter != 0) continue;
            p.Boost = ++_boosts;
            // Measured anew from here: whoever evaded far must not count as stuck on its way back.
            p.Best = left;
        }
        _standstill = any || requests.All(r => r.Start == r.Goal) ? 0 : _standstill + 1;
    }

    private static int NodeAt(PathPlan plan, Duration time)
    {
        int node = plan.Visits[0].Node;
        foreach (var visit in plan.Visits)
        {
            if (visit.In <= time) node = visit.Node;
        }
        return node;
    }

    private string[] Deadlocked(IReadOnlyList<PlanRequest> requests) =>
        _standstill < _options.DeadlockAfter ? [] : [.. requests.Where(r => r.Start != r.Goal).Select(r => r.Rid).Order(StringComparer.Ordinal)];

    private int FailedOf(string rid) => _progress.TryGetValue(rid, out var p) ? p.Failed : 0;

    private long BoostOf(string rid) => _progress.TryGetValue(rid, out var p) ? p.Boost : long.MaxValue;

    private void Check(in PlanRequest request)
    {
        if (string.IsNullOrEmpty(request.Rid)) throw new ArgumentException("Planner: a request has no robot id.", nameof(request));
        if ((uint)request.Start >= (uint)_graph.NodeCount || (uint)request.Goal >= (uint)_graph.NodeCount)
        {
            throw new ArgumentException($"Planner: robot '{request.Rid}' goes from node {request.Start} to {request.Goal}; the graph has {_graph.NodeCount}.", nameof(request));
        }
        if (!(request.Radius >= 0 && double.IsFinite(request.Radius) && request.Speed > 0 && double.IsFinite(request.Speed)) || !request.Position.IsFinite || request.Delay.Nanoseconds < 0)
        {
            throw new ArgumentException($"Planner: robot '{request.Rid}' has radius {request.Radius}, speed {request.Speed}, position {request.Position}, delay {request.Delay}; must be finite, speed positive, the rest not negative.", nameof(request));
        }
    }

    private sealed class Progress
    {
        public int Goal { get; init; }

        public int Best { get; set; }

        public int Failed { get; set; }

        public long Boost { get; set; }
    }
}
