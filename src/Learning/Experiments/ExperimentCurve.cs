namespace EdgeAutonomy.Learning;

/// <summary>One curve of an experiment's plot.</summary>
/// <param name="Name">The arm.</param>
/// <param name="X">What goes to the right, with its unit.</param>
/// <param name="Y">What goes up, with its unit.</param>
/// <param name="Points">The points: position, value and interval.</param>
public sealed record ExperimentCurve(string Name, string X, string Y, IReadOnlyList<(double X, Interval Y)> Points)
{
    /// <summary>Gets whether each point is marked and has its interval as a bar: arms of a comparison, say, and not a course over time.</summary>
    public bool HasMarks { get; init; }
}
