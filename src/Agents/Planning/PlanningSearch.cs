namespace EdgeAutonomy.Agents;

/// <summary>How a search ended.</summary>
public enum PlanningOutcome
{
    /// <summary>A cheapest plan was found.</summary>
    Found,

    /// <summary>There is no plan: every state that can be reached was looked at.</summary>
    Unsolvable,

    /// <summary>The limit of states was reached first.</summary>
    LimitReached,
}

/// <summary>What a search found.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Actions">The plan; empty where none was found.</param>
/// <param name="Cost">What the plan costs.</param>
/// <param name="Expanded">States looked at.</param>
public sealed record PlanningResult(PlanningOutcome Outcome, IReadOnlyList<GroundAction> Actions, double Cost, int Expanded);

/// <summary>Finds cheapest plans by A*, or breadth first where every action counts one and no estimate is given.</summary>
public static class PlanningSearch
{
    /// <summary>Searches from a world's present state and leaves the world as it was.</summary>
    /// <param name="world">The world.</param>
    /// <param name="limit">The most states to look at; positive.</param>
    /// <param name="unitCosts">Whether each action counts one; otherwise its own cost.</param>
    /// <param name="estimate">A lower bound of what is still to pay in the world's present state, never too high; null for 0.</param>
    /// <remarks>Deterministic: ties go to the state found first. States are told apart by their facts, not by their hash alone.</remarks>
    public static PlanningResult Solve(PlanningWorld world, int limit = 100_000, bool unitCosts = true, Func<PlanningWorld, double>? estimate = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var start = world.Save();
        var nodes = new List<Node> { new(start, -1, null, 0) };
        var best = new Dictionary<PlanningState, double>(SameFacts.Instance) { [start] = 0 };
        var queue = new PriorityQueue<int, (double, int)>();
        queue.Enqueue(0, (0, 0));
        int expanded = 0;
        try
        {
            while (queue.TryDequeue(out int n, out _))
            {
                var node = nodes[n];
                if (node.Cost > best[node.State]) continue;
                world.Restore(node.State);
                if (world.GoalHolds()) return new PlanningResult(PlanningOutcome.Found, Plan(nodes, n), node.Cost, expanded);
                if (expanded++ == limit) return new PlanningResult(PlanningOutcome.LimitReached, [], 0, limit);
                foreach (var action in world.Executables.ToArray())
                {
                    world.Restore(node.State);
                    world.Apply(action);
                    double cost = node.Cost + (unitCosts ? 1 : action.Cost);
                    var next = world.Save();
                    if (best.TryGetValue(next, out double known) && known <= cost) continue;
                    best[next] = cost;
                    nodes.Add(new Node(next, n, action, cost));
                    queue.Enqueue(nodes.Count - 1, (cost + (estimate?.Invoke(world) ?? 0), nodes.Count - 1));
                }
            }
            return new PlanningResult(PlanningOutcome.Unsolvable, [], 0, expanded);
        }
        finally
        {
            world.Restore(start);
        }
    }

    private static GroundAction[] Plan(List<Node> nodes, int last)
    {
        var plan = new List<GroundAction>();
        for (int n = last; nodes[n].Action is { } action; n = nodes[n].Parent) plan.Add(action);
        plan.Reverse();
        return [.. plan];
    }

    private readonly record struct Node(PlanningState State, int Parent, GroundAction? Action, double Cost);

    private sealed class SameFacts : IEqualityComparer<PlanningState>
    {
        public static readonly SameFacts Instance = new();

        public bool Equals(PlanningState? x, PlanningState? y)
        {
            // Later states have room for more facts; those that an earlier one lacks were false in it.
            if (x is null || y is null || x.Hash != y.Hash) return ReferenceEquals(x, y);
            var (a, b) = x.Bits.Length <= y.Bits.Length ? (x.Bits, y.Bits) : (y.Bits, x.Bits);
            return b.AsSpan(0, a.Length).SequenceEqual(a) && !b.AsSpan(a.Length).ContainsAnyExcept(0UL);
        }

        public int GetHashCode(PlanningState state) => (int)state.Hash;
    }
}
