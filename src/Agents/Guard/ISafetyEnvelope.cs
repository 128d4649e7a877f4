namespace EdgeAutonomy.Agents;

/// <summary>Says whether the robot may carry out a command now, whatever the mission wants.</summary>
public interface ISafetyEnvelope
{
    /// <summary>Checks a command against the present state of the robot and its surroundings.</summary>
    /// <param name="call">A command whose preconditions hold.</param>
    /// <returns>A finding; what is not known must not be called safe.</returns>
    SafetyFinding Check(ActionCall call);
}
