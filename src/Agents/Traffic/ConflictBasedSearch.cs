namespace EdgeAutonomy.Agents;

/// <summary>Finds the plans with the least sum of arrival times for a few robots (conflict-based search, Sharon, Stern, Felner, Sturtevant 2015): the measure of the planner that fleets use.</summary>
/// <remarks>
/// Best first over a tree of prohibitions: the first conflict of two plans gives two children, each forbidding one robot its part of the conflict at that time. Exact, exponential, bounded by <paramref name="maxNodes"/>: meant for tests and for at most
/// about 20 robots at a central place. Robots stay at their goals for ever. Deterministic.
/// </remarks>
/// <param name="graph">The graph.</param>
/// <param name="options">Step, clearance and kinds of conflict; windows play no part.</param>
/// <param name="maxSteps">The latest arrival considered, in steps.</param>
/// <param name="maxNodes">The most nodes of the tree opened.</param>
public sealed class ConflictBasedSearch(RouteGraph graph, PlannerOptions options, int maxSteps = 128, int maxNodes = 20_000)
{
    /// <summary>Gets how many nodes of the tree the last search opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Returns the best plans, null if there are none within the bounds.</summary>
    /// <param name="requests">The robots; all stand at their start nodes.</param>
    /// <param name="cost">Sum of arrival times in steps.</param>
    public IReadOnlyList<PathPlan>? Solve(IReadOnlyList<PlanRequest> requests, out int cost)
    {
        ArgumentNullException.ThrowIfNull(requests);
        (Opened, cost) = (0, 0);
        var ticks = requests.Select(r => graph.TicksTo(r.Goal, r.Speed, options.Step)).ToArray();
        var root = new Branch(null, -1, default, new Route[requests.Count]);
        for (int i = 0; i < requests.Count; i++)
        {
            if (FindRoute(requests[i], ticks[i], i, root) is not { } route) return null;
            root.Routes[i] = route;
        }
        var open = new PriorityQueue<Branch, (int Cost, int Conflicts, int Number)>();
        int number = 0;
        open.Enqueue(root, (CostOf(root), CountConflicts(root, requests), number++));
        while (open.TryDequeue(out var branch, out var key) && Opened++ < maxNodes)
        {
            if (FirstConflict(branch, requests) is not { } c)
            {
                cost = key.Cost;
                return [.. branch.Routes.Select((r, i) => r.Plan)];
            }
            foreach (var (robot, ban) in ((int, Ban)[])[(c.A, c.BanA), (c.B, c.BanB)])
            {
                var child = new Branch(branch, robot, ban, (Route[])branch.Routes.Clone());
                if (FindRoute(requests[robot], ticks[robot], robot, child) is not { } route) continue;
                child.Routes[robot] = route;
                open.Enqueue(child, (CostOf(child), CountConflicts(child, requests), number++));
            }
        }
        return null;
    }

    private static int CostOf(Branch branch) => branch.Routes.Sum(r => r.Arrival);

    private int CountConflicts(Branch branch, IReadOnlyList<PlanRequest> requests)
    {
        int count = 0;
        for (int a = 0; a < requests.Count; a++)
        {
            for (int b = a + 1; b < requests.Count; b++)
            {
                if (branch.Routes[a].Plan.FindConflict(branch.Routes[b].Plan, options.Clearance) is not null) count++;
            }
        }
        return count;
    }

    private (int A, Ban BanA, int B, Ban BanB)? FirstConflict(Branch branch, IReadOnlyList<PlanRequest> requests)
    {
        (int, Ban, int, Ban)? first = null;
        var earliest = Duration.Unlimited;
        for (int a = 0; a < requests.Count; a++)
        {
            for (int b = a + 1; b < requests.Count; b++)
            {
                if (branch.Routes[a].Plan.FindConflict(branch.Routes[b].Plan, options.Clearance) is not { } c || c.Time >= earliest) continue;
                earliest = c.Time;
                int step = (int)(c.Time.Nanoseconds / options.Step.Nanoseconds);
                first = (a, BanOf(branch.Routes[a].Plan, c.FromA, c.ToA, c.Time, step), b, BanOf(branch.Routes[b].Plan, c.FromB, c.ToB, c.Time, step));
            }
        }
        return first;
    }

    /// <summary>A stay is forbidden for the one step of the conflict, a drive for the step at which it began.</summary>
    private Ban BanOf(PathPlan plan, int from, int to, Duration time, int step)
    {
        if (from == to) return new Ban(from, to, step);
        foreach (ref readonly var leg in plan.Legs)
        {
            if (leg.From == from && leg.To == to && leg.Begin <= time && time < leg.End) return new Ban(from, to, (int)(leg.Begin.Nanoseconds / options.Step.Nanoseconds));
        }
        throw new InvalidOperationException($"Bug in EdgeAutonomy.Agents: no leg of '{plan.Rid}' holds its own conflict at {time}.");
    }

    private Route? FindRoute(PlanRequest request, int[] ticks, int robot, Branch branch)
    {
        if (ticks[request.Start] == int.MaxValue) return null;
        var bans = new HashSet<Ban>();
        int last = -1;
        for (var b = branch; b is not null; b = b.Parent)
        {
            if (b.Robot != robot) continue;
            bans.Add(b.Ban);
            // After the last step at which the goal is forbidden the robot may stay for good.
            if (b.Ban.From == request.Goal && b.Ban.To == request.Goal) last = Math.Max(last, b.Ban.Step);
        }
        var parent = new Dictionary<(int Node, int Step), (int Node, int Step)> { [(request.Start, 0)] = (-1, 0) };
        var open = new PriorityQueue<(int Node, int Step), (int F, int Late, int Node)>();
        open.Enqueue((request.Start, 0), (ticks[request.Start], 0, request.Start));
        while (open.TryDequeue(out var state, out _))
        {
            if (state.Node == request.Goal && state.Step > last) return Trace(request, parent, state);
            if (state.Step >= maxSteps) continue;
            Step(state.Node, 1);
            foreach (var edge in graph.From(state.Node)) Step(edge.To, RouteGraph.Ticks(edge, request.Speed, options.Step));

            void Step(int node, int steps)
            {
                var next = (Node: node, Step: state.Step + steps);
                if (ticks[node] == int.MaxValue || parent.ContainsKey(next) || bans.Contains(new Ban(state.Node, node, state.Step))) return;
                parent[next] = state;
                open.Enqueue(next, (next.Step + ticks[node], -next.Step, node));
            }
        }
        return null;
    }

    private Route Trace(PlanRequest request, Dictionary<(int Node, int Step), (int Node, int Step)> parent, (int Node, int Step) end)
    {
        var visits = new List<PathVisit>();
        var later = (Node: -1, Step: 0);
        for (var s = end; s.Node >= 0; later = s, s = parent[s])
        {
            var at = options.Step * s.Step;
            if (later.Node == s.Node) visits[^1] = visits[^1] with { In = at };
            else visits.Add(new PathVisit(s.Node, at, at));
        }
        visits.Reverse();
        for (int i = 0; i < visits.Count - 1; i++)
        {
            int ticks = 0;
            foreach (var edge in graph.From(visits[i].Node))
            {
                if (edge.To == visits[i + 1].Node) ticks = RouteGraph.Ticks(edge, request.Speed, options.Step);
            }
            visits[i] = visits[i] with { Out = visits[i + 1].In - options.Step * ticks };
        }
        return new Route(new PathPlan(graph, request.Rid, request.Radius, request.Position, visits.ToArray()), end.Step);
    }

    private readonly record struct Ban(int From, int To, int Step);

    private sealed record Route(PathPlan Plan, int Arrival);

    private sealed record Branch(Branch? Parent, int Robot, Ban Ban, Route[] Routes);
}
