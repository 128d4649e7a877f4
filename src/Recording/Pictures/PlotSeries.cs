namespace EdgeAutonomy.Recording;

/// <summary>A line of a <see cref="LinePlot"/>.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="X">Abscissas, ascending, as many as ordinates.</param>
/// <param name="Y">Ordinates; a value that is not finite interrupts the line.</param>
/// <param name="Steps">Whether each value holds until the next (a period, a rung), else points are joined.</param>
public sealed record PlotSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, bool Steps = false)
{
    /// <summary>Gets the ends of an interval about each ordinate, drawn as a band; null = none. Where they are not finite the band leaves the point out.</summary>
    public IReadOnlyList<(double Low, double High)>? Band { get; init; }

    /// <summary>Gets whether each point is marked and its interval drawn as a bar instead of a band: points of a comparison, not a course.</summary>
    public bool HasMarks { get; init; }
}
