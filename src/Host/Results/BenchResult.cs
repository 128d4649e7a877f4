namespace EdgeAutonomy.Host;

/// <summary>What a bench measured.</summary>
/// <param name="Name">The bench.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Figures">What came out.</param>
public sealed record BenchResult(string Name, Machine Machine, IReadOnlyList<Figure> Figures);
