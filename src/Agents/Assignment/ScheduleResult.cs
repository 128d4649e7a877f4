namespace EdgeAutonomy.Agents;

/// <summary>Who does what in which order.</summary>
/// <param name="Routes">Tasks of every robot in the order of doing.</param>
/// <param name="Value">Seconds: makespan or sum.</param>
/// <param name="LowerBound">Seconds that no schedule can go below.</param>
/// <param name="IsOptimal">Whether <paramref name="Value"/> is proven to be the least: found by complete search, or equal to the bound.</param>
public sealed record ScheduleResult(IReadOnlyList<IReadOnlyList<int>> Routes, double Value, double LowerBound, bool IsOptimal)
{
    /// <summary>Gets by how much the value may at most exceed the least, as a share of the bound; 0 when optimal.</summary>
    public double Gap => IsOptimal || LowerBound <= 0 ? 0 : Value / LowerBound - 1;
}
