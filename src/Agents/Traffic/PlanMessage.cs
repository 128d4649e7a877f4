namespace EdgeAutonomy.Agents;

/// <summary>A plan as it travels (topic <c>r/&lt;rid&gt;/plan</c>, retained); the sender is in the topic.</summary>
/// <param name="Inc">Incarnation of the robot.</param>
/// <param name="Seq">Number of the plan, from 1 per incarnation.</param>
/// <param name="Start">Start of the window on the sender's monotonic clock.</param>
/// <param name="WallStart">Start of the window on its wall clock, unix time.</param>
/// <param name="Radius">Radius with load and tracking error, metres.</param>
/// <param name="Origin">Where the robot is at the start of the window.</param>
/// <param name="Failed">Windows in a row without progress.</param>
/// <param name="Visits">Names of the nodes, and from when to when, from the start of the window.</param>
public sealed record PlanMessage(uint Inc, ulong Seq, Stamp Start, Stamp WallStart, double Radius, Vector2D Origin, int Failed, IReadOnlyList<(string Node, Duration In, Duration Out)> Visits)
{
    /// <summary>The greatest <see cref="Front"/> and <see cref="Turn"/>, and the greatest amount of <see cref="Urgency"/>.</summary>
    public const int MaxRank = 1_000_000_000;

    /// <summary>Gets the rank among robots that found no way behind the others and go first for a while: the greater goes first; 0 = it does not.</summary>
    public int Front { get; init; }

    /// <summary>Gets the rank among robots that made no progress for some windows: the lower goes first, before all others; 0 = it does not.</summary>
    public int Turn { get; init; }

    /// <summary>Gets the urgency: higher goes first.</summary>
    public int Urgency { get; init; }

    /// <summary>Gets how many steps the way to its goal takes when nobody is in the way: fewer go first.</summary>
    public int Left { get; init; }

    /// <summary>Gets whether it found no way at all and stands: the others plan around it, whatever their rank.</summary>
    public bool Stands { get; init; }

    /// <summary>Gets how many of the first visits are its own: it may be on the lines from <see cref="Origin"/> through them, and nobody else may.</summary>
    public int Held { get; init; }

    /// <summary>Gets how many it claims: from <see cref="Held"/> on it asks for them, and answers are messages of the others that have heard this one.</summary>
    public int Claimed { get; init; }

    /// <summary>Gets the number of the message in which the last of the claims was first made; whoever has not heard that one yet is asked to answer.</summary>
    public ulong Since { get; init; }

    /// <summary>Gets what the sender had heard of the others when it wrote this.</summary>
    public IReadOnlyList<PlanMark> Heard { get; init; } = [];

    /// <summary>Makes the message of a plan.</summary>
    public static PlanMessage Of(PathPlan plan, RouteGraph graph, uint inc, ulong seq, Stamp start, Stamp wallStart)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(graph);
        return new PlanMessage(inc, seq, start, wallStart, plan.Radius, plan.Origin, plan.Failed, [.. plan.Visits.ToArray().Select(v => (graph[v.Node].Name, v.In, v.Out))]);
    }

    /// <summary>Makes the plan on a graph, as seen from a later start of a window.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="rid">The sender.</param>
    /// <param name="elapsed">Start of the window that is planned now minus start of this one; not negative.</param>
    /// <param name="plan">The plan, shifted; what is over is left out.</param>
    /// <returns>False when a node is not in the graph or two following ones have no edge.</returns>
    public bool TryPlan(RouteGraph graph, string rid, Duration elapsed, out PathPlan plan)
    {
        ArgumentNullException.ThrowIfNull(graph);
        plan = null!;
        var all = new PathVisit[Visits.Count];
        for (int i = 0; i < all.Length; i++)
        {
            int node = graph.Find(Visits[i].Node);
            if (node < 0 || i > 0 && !Joins(graph, all[i - 1].Node, node)) return false;
            all[i] = new PathVisit(node, Visits[i].In, Visits[i].Out);
        }
        var whole = new PathPlan(graph, rid, Radius, Origin, all, Failed);
        if (elapsed <= Duration.Zero)
        {
            plan = whole;
            return true;
        }
        int first = 0;
        while (first < all.Length - 1 && all[first].Out <= elapsed) first++;
        var rest = new PathVisit[all.Length - first];
        for (int i = 0; i < rest.Length; i++) rest[i] = new PathVisit(all[first + i].Node, Duration.Max(Duration.Zero, all[first + i].In - elapsed), Duration.Max(Duration.Zero, all[first + i].Out - elapsed));
        plan = new PathPlan(graph, rid, Radius, whole.At(elapsed), rest, Failed);
        return true;
    }

    private static bool Joins(RouteGraph graph, int from, int to)
    {
        foreach (ref readonly var edge in graph.From(from))
        {
            if (edge.To == to) return true;
        }
        return false;
    }
}
