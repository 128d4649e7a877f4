namespace EdgeAutonomy.Agents;

/// <summary>Proof that a policy passed what its next stage asks for; the store promotes by nothing else.</summary>
/// <remarks>Like <see cref="ApprovedCall"/>: only the method that checks the records can make one.</remarks>
public sealed class PromotionPass
{
    private PromotionPass(string bundle, RolloutStage stage, string approvedBy)
    {
        Bundle = bundle;
        Stage = stage;
        ApprovedBy = approvedBy;
    }

    /// <summary>Gets the policy.</summary>
    public string Bundle { get; }

    /// <summary>Gets the stage it may enter; at least <see cref="RolloutStage.Canary"/>.</summary>
    public RolloutStage Stage { get; }

    /// <summary>Gets who approved it.</summary>
    public string ApprovedBy { get; }

    internal static PromotionPass Issue(IReadOnlyList<GateRecord> records, string bundle, RolloutStage from, OperatorApproval? approval)
    {
        var to = from + 1;
        GateRecord? lowered = null;
        if (to > RolloutStage.All) throw new InvalidOperationException($"Policy {bundle} is used everywhere already.");
        foreach (var gate in GateLedger.Needed(from))
        {
            // The newest result counts, and one from the stage it is about: a pass on a tenth of the fleet says nothing about half of it.
            var last = records.LastOrDefault(r => r.Bundle == bundle && r.Gate == gate && (gate < Gate.Fleet || r.Stage == from));
            if (last is not { Passed: true }) throw new InvalidOperationException($"Policy {bundle} may not enter {to}: gate {gate} {(last is null ? "has no record" : "failed: " + last.Evidence)}.");
            if (last.Lowered) lowered ??= last;
        }
        if (approval is null || approval.Operator.Length == 0 || approval.Bundle != bundle || approval.Stage != to) throw new InvalidOperationException($"Policy {bundle} may not enter {to}: that needs an operator's approval of this policy for this stage.");
        if (lowered is not null && !approval.AcceptsLowered) throw new InvalidOperationException($"Policy {bundle} may not enter {to}: gate {lowered.Gate} was passed by lowered bounds only ({lowered.Evidence}); run it by the defaults, or accept that explicitly.");
        return new PromotionPass(bundle, to, approval.Operator);
    }
}
