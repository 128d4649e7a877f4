namespace EdgeAutonomy.Learning;

/// <summary>One line of an experiment's table.</summary>
/// <param name="Arm">What was compared, such as "learned delays".</param>
/// <param name="Metric">What was measured, with its unit, such as "test accuracy, %".</param>
/// <param name="Value">The value and its interval over seeds (or over test samples, where there is one seed).</param>
/// <param name="Seeds">How many seeds.</param>
/// <param name="Note">What a reader must know; empty = nothing.</param>
public sealed record ExperimentRow(string Arm, string Metric, Interval Value, int Seeds, string Note = "");
