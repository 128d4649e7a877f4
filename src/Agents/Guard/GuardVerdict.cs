namespace EdgeAutonomy.Agents;

/// <summary>What the guard says about one proposal.</summary>
/// <param name="Stage">The check that refused it; <see cref="GuardStage.None"/> when it is approved.</param>
/// <param name="Reason">Why.</param>
/// <param name="Feedback">One line for whoever proposed it, free of control characters, at most 256 characters; empty when it is approved.</param>
/// <param name="Approved">The command that may be carried out; null when it is refused.</param>
public sealed record GuardVerdict(GuardStage Stage, GuardReason Reason, string Feedback, ApprovedCall? Approved)
{
    /// <summary>Gets what was proposed, as far as it could be read; null where nothing readable came.</summary>
    public ActionCall? Proposal { get; init; }

    /// <summary>Gets whether the command may be carried out.</summary>
    public bool IsApproved => Approved is not null;

    internal static GuardVerdict Refuse(GuardStage stage, GuardReason reason, string feedback) => new(stage, reason, UntrustedText.Clean(feedback, 256), null);
}
