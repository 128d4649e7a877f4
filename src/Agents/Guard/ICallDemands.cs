namespace EdgeAutonomy.Agents;

/// <summary>Knows what each command asks of the robot.</summary>
public interface ICallDemands
{
    /// <summary>Returns what a command asks for; null when that is not known, in which case it is refused.</summary>
    /// <param name="call">The command.</param>
    CallDemand? Of(ActionCall call);
}
