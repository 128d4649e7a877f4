namespace EdgeAutonomy.Agents;

/// <summary>The envelope of a world made of text: nothing in it can be hurt. Never for a robot.</summary>
public sealed class NoHazard : ISafetyEnvelope
{
    /// <inheritdoc/>
    public SafetyFinding Check(ActionCall call) => SafetyFinding.Safe;
}
