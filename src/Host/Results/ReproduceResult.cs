using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>What <c>edge reproduce</c> found.</summary>
/// <param name="Name">The experiment.</param>
/// <param name="Source">The paper.</param>
/// <param name="Seed">The first seed.</param>
/// <param name="Quick">Whether it was the short form.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Rows">The table.</param>
/// <param name="Curves">The curves.</param>
/// <param name="Notes">What differs from the paper, what was left out.</param>
/// <param name="Figures">The pictures that were written.</param>
internal sealed record ReproduceResult(
    string Name, string Source, ulong Seed, bool Quick, double Seconds, IReadOnlyList<ReproduceRow> Rows, IReadOnlyList<ReproduceCurve> Curves, IReadOnlyList<string> Notes, IReadOnlyList<string> Figures);

/// <summary>One row of the table.</summary>
internal sealed record ReproduceRow(string Arm, string Metric, double Value, double Low, double High, long N, int Seeds, string Note)
{
    public static ReproduceRow Of(ExperimentRow r) => new(r.Arm, r.Metric, r.Value.Value, r.Value.Low, r.Value.High, r.Value.N, r.Seeds, r.Note);
}

/// <summary>One curve.</summary>
internal sealed record ReproduceCurve(string Name, string X, string Y, IReadOnlyList<double[]> Points)
{
    public static ReproduceCurve Of(ExperimentCurve c) => new(c.Name, c.X, c.Y, [.. c.Points.Select(p => (double[])[p.X, p.Y.Value, p.Y.Low, p.Y.High])]);
}
