namespace EdgeAutonomy.Agents;

/// <summary>The side of a mission that acts: a robot that needs minutes for a command, or a world made of text that needs none.</summary>
/// <remarks>It carries out nothing but approved commands, and takes each with <see cref="ApprovedCall.TryTake"/> at the moment it begins.</remarks>
public interface IMissionBody
{
    /// <summary>Carries a command out and reports when it is done or has failed.</summary>
    /// <param name="call">The approval.</param>
    /// <param name="cancel">Asks it to break off and come to rest.</param>
    /// <returns>What came of it; null when the approval was void and nothing was done.</returns>
    ValueTask<MissionStep?> ExecuteAsync(ApprovedCall call, CancellationToken cancel);

    /// <summary>Brings the robot to a safe rest. May be called at any time, also twice; must not throw and must not wait for a command under way.</summary>
    /// <param name="reason">Why, for the log.</param>
    void MakeSafe(string reason);
}
