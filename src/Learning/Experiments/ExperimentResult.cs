namespace EdgeAutonomy.Learning;

/// <summary>What an experiment found.</summary>
/// <param name="Rows">The table, losses reported like wins.</param>
/// <param name="Curves">The curves; none = no plot.</param>
/// <param name="Notes">What was left out, what differs from the paper; sentences.</param>
public sealed record ExperimentResult(IReadOnlyList<ExperimentRow> Rows, IReadOnlyList<ExperimentCurve> Curves, IReadOnlyList<string> Notes);
