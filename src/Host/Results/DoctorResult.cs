namespace EdgeAutonomy.Host;

/// <summary>What <c>doctor</c> found.</summary>
/// <param name="Healthy">Whether nothing is an error.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Checks">Everything that was looked at, in the order of the looks.</param>
/// <param name="Figures">What was measured.</param>
/// <param name="Findings">What is wrong, errors first.</param>
internal sealed record DoctorResult(bool Healthy, Machine Machine, IReadOnlyList<CheckRow> Checks, IReadOnlyList<Figure> Figures, IReadOnlyList<Finding> Findings)
{
    /// <summary>Sums up.</summary>
    public static DoctorResult Of(IReadOnlyList<Diagnosis> all) => new(
        all.All(d => d.Level != DiagnosisLevel.Error),
        Machine.Describe(),
        [.. all.Select(d => new CheckRow(d.Where, d.Level, d.Message))],
        [.. all.Select(d => d.Figure).OfType<Figure>()],
        [.. all.Where(d => d.Level != DiagnosisLevel.Ok).OrderByDescending(d => d.Level).Select(d => new Finding(d.Where, d.Level == DiagnosisLevel.Error ? Severity.Error : Severity.Warning, d.Message, d.Remedy))]);
}
