namespace EdgeAutonomy.Agents;

/// <summary>A* through nodes and time steps of one window; beyond it the way counts as long as when nobody is in the way (Silver 2005, windowed cooperative A*).</summary>
/// <remarks>Buffers are made once. Ties: the later state first, then the lower node, so equal inputs give equal plans.</remarks>
internal sealed class WindowSearch
{
    private readonly RouteGraph _graph;
    private readonly PlannerOptions _options;
    private readonly int _width;
    private readonly int[] _mark, _cost, _arrival, _parent;
    private readonly PriorityQueue<int, long> _open = new();
    private readonly List<(PathLeg[] Legs, int[] First, double Distance)> _obstacles = [];
    private int _round;

    public WindowSearch(RouteGraph graph, PlannerOptions options)
    {
        (_graph, _options, _width) = (graph, options, options.WindowSteps + 1);
        long states = (long)graph.NodeCount * _width;
        if (states > 1 << 26) throw new ArgumentException($"Planner: {graph.NodeCount} nodes × {_width} steps are {states} states; at most {1 << 26}: shorten the window or split the graph.");
        (_mark, _cost, _arrival, _parent) = (new int[states], new int[states], new int[states], new int[states]);
    }

    /// <summary>Returns the plan of a robot that respects the obstacles, null if there is none.</summary>
    public PathPlan? Find(in PlanRequest request, int[] ticksToGoal, ReadOnlySpan<PlannedObstacle> obstacles, int failed)
    {
        Prepare(request, obstacles);
        int delay = (int)Math.Min((request.Delay.Nanoseconds + _options.Step.Nanoseconds - 1) / _options.Step.Nanoseconds, _width - 1), expanded = 0;
        // A goal that no way leads to: stay about here.
        bool reachable = ticksToGoal[request.Start] != int.MaxValue;
        _round++;
        _open.Clear();
        Reach(request.Start, delay, delay, -1, reachable ? ticksToGoal[request.Start] : 0);
        while (_open.TryDequeue(out int state, out long key))
        {
            int node = state / _width, tick = state % _width;
            int rest = reachable ? ticksToGoal[node] : 0;
            if ((key >> 34) != _cost[state] + rest) continue;
            if (tick == _width - 1) return Plan(request, state, failed);
            if (++expanded > _options.MaxExpansions) return null;
            bool atGoal = reachable ? node == request.Goal : node == request.Start;
            if (IsFree(node, node, tick, 1) && CanEnd(node, tick + 1)) Reach(node, tick + 1, _cost[state] + (atGoal ? 0 : 1), state, rest);
            foreach (ref readonly var edge in _graph.From(node))
            {
                int left = reachable ? ticksToGoal[edge.To] : 0;
                if (left == int.MaxValue) continue;
                int ticks = RouteGraph.Ticks(edge, request.Speed, _options.Step);
                if (IsFree(node, edge.To, tick, ticks) && CanEnd(edge.To, tick + ticks)) Reach(edge.To, tick + ticks, _cost[state] + ticks, state, left);
            }
        }
        return null;
    }

    private void Reach(int node, int tick, int cost, int parent, int rest)
    {
        int state = node * _width + Math.Min(tick, _width - 1);
        if (_mark[state] == _round && _cost[state] <= cost) return;
        (_mark[state], _cost[state], _arrival[state], _parent[state]) = (_round, cost, tick, parent);
        _open.Enqueue(state, ((long)cost + rest) << 34 | (long)(_width - 1 - Math.Min(tick, _width - 1)) << 20 | (uint)node);
    }

    private void Prepare(in PlanRequest request, ReadOnlySpan<PlannedObstacle> obstacles)
    {
        _obstacles.Clear();
        foreach (var obstacle in obstacles)
        {
            PathLeg[] legs = obstacle.Plan.Legs.ToArray();
            var first = new int[_width];
            for (int tick = 0, leg = 0; tick < _width; tick++)
            {
                while (leg < legs.Length - 1 && legs[leg].End <= _options.Step * tick) leg++;
                first[tick] = leg;
            }
            _obstacles.Add((legs, first, request.Radius + obstacle.Plan.Radius + _options.Clearance + obstacle.Inflation));
        }
    }

    private bool IsFree(int from, int to, int tick, int ticks)
    {
        var begin = _options.Step * tick;
        var leg = new PathLeg(from, to, begin, begin + _options.Step * ticks, _graph[from].Position, _graph[to].Position);
        foreach (var (legs, first, distance) in _obstacles)
        {
            for (int i = first[Math.Min(tick, _width - 1)]; i < legs.Length && legs[i].Begin < leg.End; i++)
            {
                if (PathLeg.Conflict(leg, legs[i], distance, _options.Avoided, Duration.Zero, out _, out _)) return false;
            }
        }
        return true;
    }

    /// <summary>Where the window ends the robot stays: nobody who is still driving then may come by.</summary>
    private bool CanEnd(int node, int tick) => tick < _width - 1 || IsFree(node, node, tick, 1 << 20);

    private PathPlan Plan(in PlanRequest request, int state, int failed)
    {
        var visits = new List<PathVisit>();
        for (int s = state; s >= 0; s = _parent[s])
        {
            int node = s / _width;
            var at = _options.Step * _arrival[s];
            if (visits.Count > 0 && visits[^1].Node == node) visits[^1] = visits[^1] with { In = at };
            else visits.Add(new PathVisit(node, at, at));
        }
        visits.Reverse();
        // Each node is left when the drive to the next one begins.
        for (int i = 0; i < visits.Count - 1; i++)
        {
            int ticks = TicksOf(visits[i].Node, visits[i + 1].Node, request.Speed);
            visits[i] = visits[i] with { Out = visits[i + 1].In - _options.Step * ticks };
        }
        var last = visits[^1];
        visits[^1] = last with { Out = Duration.Max(last.In, _options.Step * (_width - 1)) };
        return new PathPlan(_graph, request.Rid, request.Radius, request.Position, visits.ToArray(), failed);
    }

    private int TicksOf(int from, int to, double speed)
    {
        foreach (ref readonly var edge in _graph.From(from))
        {
            if (edge.To == to) return RouteGraph.Ticks(edge, speed, _options.Step);
        }
        throw new InvalidOperationException($"Bug in EdgeAutonomy.Agents: a plan drives from node {from} to {to}, which no edge joins.");
    }
}
