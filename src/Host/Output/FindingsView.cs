namespace EdgeAutonomy.Host;

/// <summary>Makes a table of findings.</summary>
public static class FindingsView
{
    /// <summary>Returns one row per finding.</summary>
    public static TableView Of(IEnumerable<Finding> findings) => new(
        "",
        ["severity", "finding", "remedy"],
        [.. findings.Select(f => (IReadOnlyList<string>)[f.Severity == Severity.Error ? "error" : "warning", f.Message, f.Remedy])]);
}
