namespace EdgeAutonomy.Agents;

/// <summary>The plans of all robots for one window.</summary>
/// <param name="Plans">One for every request, in their order; free of conflicts among each other.</param>
/// <param name="Held">Ids of robots that found no way and stay, by id.</param>
/// <param name="Deadlocked">Ids of robots that are not at their goals while nobody came nearer for <see cref="PlannerOptions.DeadlockAfter"/> windows, by id; empty = no deadlock.</param>
/// <param name="Restarts">How often the order had to change within this window.</param>
public sealed record WindowPlans(IReadOnlyList<PathPlan> Plans, IReadOnlyList<string> Held, IReadOnlyList<string> Deadlocked, int Restarts);
