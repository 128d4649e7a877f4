namespace EdgeAutonomy.Agents;

/// <summary>Turns a plan into the point to drive to now.</summary>
/// <remarks>
/// The point is the farthest node that the robot may enter and that lies straight ahead, past nodes that it does not wait at. The speed keeps it from being early at the next of them, lets it slow down for corners, and stops it at the last one that is
/// its own or where it waits. What is left over after lost time is <see cref="RouteFollowerOptions.MaxSpeed"/>. No state: equal inputs give equal advice. Immutable, thread-safe, 0 bytes per call.
/// </remarks>
public sealed class RouteFollower
{
    // Nearer than this counts as there: the speed falls to 0 with the way that is left.
    private const double There = 1e-3;

    private readonly RouteGraph _graph;
    private readonly RouteFollowerOptions _options;

    /// <summary>Makes a follower.</summary>
    /// <param name="graph">The graph of the plans.</param>
    /// <param name="options">How the robot drives.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public RouteFollower(RouteGraph graph, RouteFollowerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        (_graph, _options) = (graph, options ?? new RouteFollowerOptions());
        if (_options.Fault() is { } fault) throw new ArgumentException(fault, nameof(options));
    }

    /// <summary>Returns where to drive now.</summary>
    /// <param name="plan">The plan, such as <see cref="PlanStream.Plan"/>.</param>
    /// <param name="start">When its window begins.</param>
    /// <param name="reached">The visit that was reached last, −1 = none yet.</param>
    /// <param name="granted">How many of the first visits the robot may enter.</param>
    /// <param name="at">Where the robot is, metres.</param>
    /// <param name="now">The time, on the clock of <paramref name="start"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many visits as were reached or granted.</exception>
    public RouteAdvice Follow(PathPlan plan, Stamp start, int reached, int granted, Vector2D at, Stamp now)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var visits = plan.Visits;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(granted, visits.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(reached, visits.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(reached, -1);
        int next = reached + 1;
        var over = now - start;
        bool late = next < visits.Length && over - visits[next].In > _options.LateAfter;
        if (granted <= 0) return new RouteAdvice(-1, at, 0, late);
        // What it has reached is its own until it leaves; what comes next may be entered when the plan leaves for it.
        if (next >= granted || (reached >= 0 && over < visits[reached].Out))
        {
            int hold = Math.Min(Math.Max(reached, 0), granted - 1);
            return Stay(visits[hold].Node, at, late);
        }
        int last = next;
        while (last + 1 < granted && visits[last].Out <= visits[last].In && IsStraight(visits, next, last + 1, at)) last++;
        double way = Vector2D.Distance(at, _graph[visits[next].Node].Position), left = (visits[next].In - over).Seconds;
        double speed = next > 0 ? Math.Min(_options.MaxSpeed, MaxSpeed(visits[next - 1].Node, visits[next].Node)) : _options.MaxSpeed;
        if (left > 0) speed = Math.Min(speed, way / left);
        for (int i = next + 1; i <= last; i++) way += Vector2D.Distance(_graph[visits[i - 1].Node].Position, _graph[visits[i].Node].Position);
        bool passes = last + 1 < granted && visits[last].Out <= visits[last].In;
        double end = passes ? _options.CornerSpeed : 0;
        return new RouteAdvice(visits[last].Node, _graph[visits[last].Node].Position, Math.Min(speed, Braking(way, end)), late);
    }

    private RouteAdvice Stay(int node, Vector2D at, bool late)
    {
        Vector2D to = _graph[node].Position;
        return new RouteAdvice(node, to, Math.Min(_options.CornerSpeed, Braking(Vector2D.Distance(at, to), 0)), late);
    }

    private double Braking(double way, double end) => way <= There && end <= 0 ? 0 : Math.Sqrt(2 * _options.Deceleration * way + end * end);

    private bool IsStraight(ReadOnlySpan<PathVisit> visits, int first, int last, Vector2D at)
    {
        Vector2D to = _graph[visits[last].Node].Position, along = to - at;
        double before = double.NegativeInfinity;
        for (int i = first; i < last; i++)
        {
            Vector2D node = _graph[visits[i].Node].Position;
            double far = Vector2D.Dot(node - at, along);
            // In order, too: a way that doubles back lies on the line and is none.
            if (far < before || far > along.LengthSquared || Vector2D.Distance(node, Vector2D.Nearest(at, to, node)) > _options.Straightness) return false;
            before = far;
        }
        return true;
    }

    private double MaxSpeed(int from, int to)
    {
        foreach (ref readonly var edge in _graph.From(from))
        {
            if (edge.To == to) return edge.MaxSpeed;
        }
        return double.PositiveInfinity;
    }
}
