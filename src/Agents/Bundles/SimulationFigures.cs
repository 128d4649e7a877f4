using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>What simulated missions gave.</summary>
/// <param name="Pairs">Success of the policy and of the incumbent, seed by seed.</param>
/// <param name="Latencies">Latencies of the policy's decisions.</param>
public sealed record SimulationFigures(ImmutableArray<(bool Policy, bool Incumbent)> Pairs, ImmutableArray<TimeSpan> Latencies);
