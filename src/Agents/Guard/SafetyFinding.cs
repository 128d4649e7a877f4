namespace EdgeAutonomy.Agents;

/// <summary>What a safety envelope found.</summary>
/// <param name="Reason">Why the command must not be carried out; <see cref="GuardReason.None"/> when it may.</param>
/// <param name="Explanation">One sentence with the value and the bound.</param>
public readonly record struct SafetyFinding(GuardReason Reason, string Explanation)
{
    /// <summary>Gets the finding that nothing stands against the command.</summary>
    public static SafetyFinding Safe => new(GuardReason.None, "");

    /// <summary>Gets whether the command may be carried out.</summary>
    /// <remarks>A finding that nobody filled has no explanation text and is not safe.</remarks>
    public bool IsSafe => Reason == GuardReason.None && Explanation is not null;
}
