namespace EdgeAutonomy.Host;

/// <summary>The answer of /health.</summary>
/// <param name="Healthy">Whether every loop advances and none is in safe stop.</param>
/// <param name="Reasons">Why not: one sentence each.</param>
/// <param name="Loops">One entry per loop.</param>
internal sealed record HealthReport(bool Healthy, IReadOnlyList<string> Reasons, IReadOnlyList<LoopHealth> Loops);
