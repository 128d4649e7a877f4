namespace EdgeAutonomy.Agents;

/// <summary>What a trigger led to, for people and for the fleet.</summary>
/// <param name="Bundle">The policy that was in force.</param>
/// <param name="Trigger">What fired, with its evidence.</param>
/// <param name="Now">The policy in force now; empty when the planner drives.</param>
/// <param name="Finding">What went wrong on the way; empty when nothing did.</param>
/// <param name="At">When.</param>
public sealed record RollbackEvent(string Bundle, MonitorTrigger Trigger, string Now, string Finding, DateTimeOffset At);
