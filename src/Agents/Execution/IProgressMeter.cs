namespace EdgeAutonomy.Agents;

/// <summary>Says what progress a step is worth, for the record: a fitted return attributor.</summary>
public interface IProgressMeter
{
    /// <summary>Returns the progress attributed to a command in a situation, in units of the mission's return.</summary>
    /// <param name="context">What the policy was asked with.</param>
    /// <param name="call">The command chosen.</param>
    float Of(AgentContext context, ActionCall call);
}
