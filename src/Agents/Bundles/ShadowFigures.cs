namespace EdgeAutonomy.Agents;

/// <summary>What a shadow run gave.</summary>
/// <param name="Decisions">Decisions asked for.</param>
/// <param name="Agreed">Those that were the incumbent's.</param>
/// <param name="Grounded">Those that could be carried out.</param>
/// <param name="IncumbentGrounded">Those of the incumbent that could.</param>
/// <param name="Failures">Exceptions, empty answers and answers later than the limit.</param>
/// <param name="Dropped">Live decisions passed over because the policy was still busy.</param>
/// <param name="P99">99th percentile of its latency.</param>
/// <param name="CpuShare">Share of the run's time that it was busy, an upper bound of its share of one core.</param>
/// <param name="Elapsed">How long the run has lasted.</param>
public sealed record ShadowFigures(int Decisions, int Agreed, int Grounded, int IncumbentGrounded, int Failures, int Dropped, TimeSpan P99, double CpuShare, TimeSpan Elapsed);
