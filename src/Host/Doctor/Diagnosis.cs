namespace EdgeAutonomy.Host;

/// <summary>What one look at the machine came to.</summary>
/// <param name="Where">What was looked at, such as <c>realtime:priority</c>.</param>
/// <param name="Level">How it stands.</param>
/// <param name="Message">What, the value, the rule: one sentence.</param>
/// <param name="Remedy">What to do; empty when all is well.</param>
internal sealed record Diagnosis(string Where, DiagnosisLevel Level, string Message, string Remedy = "")
{
    /// <summary>Gets what was measured for it; null = nothing.</summary>
    public Figure? Figure { get; init; }

    /// <summary>Tells that all is well.</summary>
    public static Diagnosis Ok(string where, string message) => new(where, DiagnosisLevel.Ok, message);

    /// <summary>Tells what is hardly as meant.</summary>
    public static Diagnosis Warning(string where, string message, string remedy) => new(where, DiagnosisLevel.Warning, message, remedy);

    /// <summary>Tells what must be mended.</summary>
    public static Diagnosis Error(string where, string message, string remedy) => new(where, DiagnosisLevel.Error, message, remedy);
}
