using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>Which policy a robot starts with.</summary>
/// <param name="Bundle">The policy; null means the scripted planner drives.</param>
/// <param name="Place">The pointer that led to it: <c>current</c>, <c>previous</c>, or <c>planner</c>.</param>
/// <param name="Findings">What was wrong on the way, one sentence each; empty when nothing was.</param>
public sealed record PolicyStart(PolicyBundle? Bundle, string Place, ImmutableArray<string> Findings);
