namespace EdgeAutonomy.Agents.Tests;

/// <summary>An envelope made of one rule.</summary>
internal sealed class FixedEnvelope(Func<ActionCall, GuardReason> rule) : ISafetyEnvelope
{
    public SafetyFinding Check(ActionCall call) => rule(call) is var reason and not GuardReason.None ? new(reason, $"not allowed: {reason}") : SafetyFinding.Safe;
}
