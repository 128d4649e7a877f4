namespace EdgeAutonomy.Agents;

/// <summary>What a robot gets for doing tasks in an order.</summary>
public interface ITaskScorer
{
    /// <summary>Returns the score of a path.</summary>
    /// <param name="path">The tasks in the order of doing. A task that the robot cannot do adds 0.</param>
    /// <returns>Finite and 0 or more; 0 for no task. A task should add less the more are done before it; what does not is capped by the allocation.</returns>
    /// <remarks>Must give the same for the same path until the robot has moved; called often, so cheap.</remarks>
    double Score(ReadOnlySpan<FleetTask> path);
}
