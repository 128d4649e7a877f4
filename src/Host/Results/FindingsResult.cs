namespace EdgeAutonomy.Host;

/// <summary>What <c>validate</c> found.</summary>
/// <param name="File">The file that was checked.</param>
/// <param name="Valid">Whether the program would start with it.</param>
/// <param name="Findings">Everything found, errors first.</param>
public sealed record FindingsResult(string File, bool Valid, IReadOnlyList<Finding> Findings);
