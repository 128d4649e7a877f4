namespace EdgeAutonomy.Host;

/// <summary>One thing that a check found.</summary>
/// <param name="Where">The key's path, such as <c>Loops:avoid:Period:MinMs</c>, or the file.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What, the value, the rule: one sentence.</param>
/// <param name="Remedy">What to do.</param>
public sealed record Finding(string Where, Severity Severity, string Message, string Remedy);

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>It runs, but hardly as meant.</summary>
    Warning,

    /// <summary>Nothing starts before it is mended.</summary>
    Error,
}
