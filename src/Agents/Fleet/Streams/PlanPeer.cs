namespace EdgeAutonomy.Agents;

/// <summary>What is known of another robot's plan.</summary>
internal sealed class PlanPeer(string robot)
{
    private readonly long[] _ways = new long[16];
    private int _count;

    public string Robot { get; } = robot;

    /// <summary>Gets its newest plan; null = none yet.</summary>
    public PlanMessage? Message { get; private set; }

    /// <summary>Gets the nodes of the plan.</summary>
    public int[] Nodes { get; private set; } = [];

    /// <summary>Gets the line that it claims, from where it is on; and how much of it is its own.</summary>
    public Vector2D[] Line { get; private set; } = [];

    public int HeldPoints { get; private set; }

    public Stamp ArrivedAt { get; private set; }

    public PlanPriority Priority { get; private set; }

    /// <summary>Gets what it had heard of us.</summary>
    public PlanMark HeardMe { get; private set; }

    /// <summary>Gets or sets what we last told it that we have heard of it.</summary>
    public PlanMark Told { get; set; }

    /// <summary>Gets or sets in which message of ours it was told that its claims are heard.</summary>
    public ulong ToldIn { get; set; }

    /// <summary>Gets or sets whether its plan has not been compared with ours yet.</summary>
    public bool IsNew { get; set; }

    /// <summary>Gets or sets whether it was behind us in rank, and not standing, when we last looked.</summary>
    public bool Yielded { get; set; } = true;

    /// <summary>Gets when it last said that it found no way.</summary>
    public Stamp StoodAt { get; private set; } = Stamp.Never;

    /// <summary>Gets or sets whether an operator said that it is gone.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Gets whether a message of it came that was no old one of the broker's: only then the times in it mean something here.</summary>
    public bool IsTimed => _count > 0;

    public bool IsNewer(uint incarnation, ulong sequence)
        => Message is not { } m || incarnation > m.Inc || (incarnation == m.Inc && sequence > m.Seq);

    public void Take(PlanMessage message, int[] nodes, RouteGraph graph, string self, bool retained, Stamp now)
    {
        if (Message?.Inc != message.Inc) _count = 0;
        // Of all ways that messages took the shortest tells the sender's clock best: jitter falls out.
        if (!retained) _ways[_count++ % _ways.Length] = now.Nanoseconds - message.Start.Nanoseconds;
        (Message, Nodes, ArrivedAt, IsNew, IsForgotten) = (message, nodes, now, true, false);
        if (message.Stands) StoodAt = now;
        Line = new Vector2D[1 + message.Claimed];
        Line[0] = message.Origin;
        for (int i = 0; i < message.Claimed; i++) Line[i + 1] = graph[nodes[i]].Position;
        HeldPoints = 1 + message.Held;
        Priority = new PlanPriority(message.Front, message.Turn, message.Urgency, message.Left, Robot);
        HeardMe = default;
        foreach (var mark in message.Heard)
        {
            if (mark.Robot == self) HeardMe = mark;
        }
    }

    /// <summary>Returns how much of its window is over.</summary>
    public Duration Elapsed(Stamp now)
    {
        long shortest = long.MaxValue;
        for (int i = 0; i < Math.Min(_count, _ways.Length); i++) shortest = Math.Min(shortest, _ways[i]);
        return new Duration(Math.Max(0, now.Nanoseconds - shortest - Message!.Start.Nanoseconds));
    }
}
