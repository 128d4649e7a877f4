namespace EdgeAutonomy.Agents;

/// <summary>What a robot intends for a window: which nodes it visits, from when to when, and straight lines in between.</summary>
/// <remarks>
/// While it drives towards a node it claims that node as well: at every instant the claims of two robots are apart, so that all can stop at what they claim and nobody is in the way of anybody. After the last visit it stays. Immutable.
/// </remarks>
public sealed class PathPlan
{
    private readonly PathVisit[] _visits;
    private readonly PathLeg[] _legs;

    /// <summary>Makes a plan.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rid">Whose plan.</param>
    /// <param name="radius">The robot's radius with its load, metres.</param>
    /// <param name="origin">Where it is at the start of the window, on its way to the first node or there.</param>
    /// <param name="visits">The nodes in order; at least one; times do not fall.</param>
    /// <param name="failed">Windows in a row that did not bring it nearer to its goal.</param>
    /// <exception cref="ArgumentException">There is no visit, or times fall.</exception>
    public PathPlan(RouteGraph graph, string rid, double radius, Vector2D origin, ReadOnlySpan<PathVisit> visits, int failed = 0)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (visits.Length == 0) throw new ArgumentException($"Plan of '{rid}' has no visit; a robot that stays visits its node.", nameof(visits));
        (Rid, Radius, Origin, Failed, _visits) = (rid, radius, origin, failed, visits.ToArray());
        var legs = new List<PathLeg>();
        Vector2D at = origin;
        var time = Duration.Zero;
        int from = -1;
        foreach (var visit in _visits)
        {
            if (visit.In < time || visit.Out < visit.In) throw new ArgumentException($"Plan of '{rid}': visit of node {visit.Node} from {visit.In} to {visit.Out} comes before {time}; times must not fall.", nameof(visits));
            Vector2D to = graph[visit.Node].Position;
            if (visit.In > time) legs.Add(new PathLeg(from < 0 ? visit.Node : from, visit.Node, time, visit.In, at, to));
            if (visit.Out > visit.In) legs.Add(new PathLeg(visit.Node, visit.Node, visit.In, visit.Out, to, to));
            (at, time, from) = (to, visit.Out, visit.Node);
        }
        legs.Add(new PathLeg(from, from, time, Duration.Unlimited, at, at));
        _legs = [.. legs];
    }

    /// <summary>A robot that stands at a node for a while and is no concern afterwards.</summary>
    private PathPlan(string rid, double radius, PathLeg leg)
    {
        (Rid, Radius, Origin, _visits, _legs) = (rid, radius, leg.Start, [new PathVisit(leg.From, leg.Begin, leg.End)], [leg]);
    }

    /// <summary>Gets whose plan it is.</summary>
    public string Rid { get; }

    /// <summary>Gets the robot's radius, metres.</summary>
    public double Radius { get; }

    /// <summary>Gets where the robot is at the start of the window.</summary>
    public Vector2D Origin { get; }

    /// <summary>Gets how many windows in a row did not bring the robot nearer to its goal; three raise its priority.</summary>
    public int Failed { get; }

    /// <summary>Gets the visits in order.</summary>
    public ReadOnlySpan<PathVisit> Visits => _visits;

    /// <summary>Gets the last node.</summary>
    public int Last => _visits[^1].Node;

    internal ReadOnlySpan<PathLeg> Legs => _legs;

    /// <summary>Makes what a robot before another must respect so that the other has time to leave its node.</summary>
    internal static PathPlan Leaving(in PlanRequest request, Vector2D node, Duration until) =>
        new(request.Rid, request.Radius, new PathLeg(request.Start, request.Start, Duration.Zero, until, node, node));

    /// <summary>Makes what a robot is that stands somewhere for a while and is no concern afterwards.</summary>
    internal static PathPlan Standing(string rid, double radius, Vector2D at, Duration until) => new(rid, radius, new PathLeg(-1, -1, Duration.Zero, until, at, at));

    /// <summary>Returns where the robot is.</summary>
    /// <param name="time">From the start of the window.</param>
    public Vector2D At(Duration time)
    {
        foreach (ref readonly var leg in _legs.AsSpan())
        {
            if (time < leg.End) return leg.At(time);
        }
        return _legs[^1].Start;
    }

    /// <summary>Returns the first conflict with another plan of the same window.</summary>
    /// <param name="other">The other plan.</param>
    /// <param name="clearance">What must lie between the two robots' borders, metres.</param>
    /// <param name="from">Conflicts that are over before this instant do not count.</param>
    public PathConflict? FindConflict(PathPlan other, double clearance, Duration from = default)
    {
        ArgumentNullException.ThrowIfNull(other);
        PathConflict? first = null;
        foreach (ref readonly var a in _legs.AsSpan())
        {
            foreach (ref readonly var b in other._legs.AsSpan())
            {
                if (!PathLeg.Conflict(a, b, Radius + other.Radius + clearance, ConflictKinds.All, from, out var kind, out var time)) continue;
                if (first is null || time < first.Value.Time) first = new PathConflict(kind, time, a.From, a.To, b.From, b.To);
            }
        }
        return first;
    }
}
