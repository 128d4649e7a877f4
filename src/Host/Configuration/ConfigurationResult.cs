using Microsoft.Extensions.Configuration;

namespace EdgeAutonomy.Host;

/// <summary>A configuration that was read.</summary>
/// <param name="Options">The options; where a key was wrong its default stands.</param>
/// <param name="Raw">The same as keys and texts, for parts that read their own section (logging).</param>
/// <param name="Findings">Everything found, errors first.</param>
public sealed record ConfigurationResult(EdgeOptions Options, IConfigurationRoot Raw, IReadOnlyList<Finding> Findings)
{
    /// <summary>Gets whether the program may start with it.</summary>
    public bool IsValid => !Findings.Any(f => f.Severity == Severity.Error);
}
