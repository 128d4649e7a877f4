namespace EdgeAutonomy.Agents;

/// <summary>Says what progress a step is worth, for the record: a fitted return attributor.</summary>
/// <remarks>Asked once per decision, after it was approved; nothing depends on the answer but the record. Must not throw.</remarks>
public interface IProgressMeter
{
    /// <summary>Returns the progress attributed to a command in a situation, in units of the mission's return; null where it cannot say: the view has another shape, or the command is not on offer in it.</summary>
    /// <param name="context">What the policy was asked with.</param>
    /// <param name="call">The command chosen.</param>
    float? Of(AgentContext context, ActionCall call);
}
