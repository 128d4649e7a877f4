using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>What acting on robots gave.</summary>
/// <param name="Missions">How many missions.</param>
/// <param name="Triggers">The monitors' triggers that fired; none should.</param>
public sealed record CanaryFigures(int Missions, ImmutableArray<string> Triggers);
