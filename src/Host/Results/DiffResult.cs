namespace EdgeAutonomy.Host;

/// <summary>What a comparison of two recordings found.</summary>
/// <param name="A">The first recording.</param>
/// <param name="B">The second.</param>
/// <param name="Comparable">Whether they hold the same loops and a common stretch of cycles.</param>
/// <param name="Why">Why not; null when they do.</param>
/// <param name="Cycles">Cycles compared.</param>
/// <param name="Equal">Whether all of them are equal and neither has more.</param>
/// <param name="FirstDifference">The first difference; null = none.</param>
/// <param name="Different">Cycles that differ.</param>
/// <param name="OnlyInA">Cycles that only the first has.</param>
/// <param name="OnlyInB">Cycles that only the second has.</param>
/// <param name="Fields">How often each field was the first to differ in a cycle.</param>
/// <param name="Notes">What else differs: configuration, seed, program.</param>
public sealed record DiffResult(
    string A, string B, bool Comparable, string? Why, long Cycles, bool Equal, DifferenceRow? FirstDifference, long Different, long OnlyInA, long OnlyInB,
    IReadOnlyDictionary<string, long> Fields, IReadOnlyList<string> Notes);
