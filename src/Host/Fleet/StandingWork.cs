using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Work that is standing at the place for as long as the task says, counted from when the robot is at rest.</summary>
/// <param name="robot">The robot.</param>
internal sealed class StandingWork(IMissionRobot robot) : ITaskWork
{
    private double _seconds;
    private Stamp _rested;

    /// <inheritdoc/>
    public void Begin(FleetTask task, Stamp now) => (_seconds, _rested) = (task.Seconds, now);

    /// <inheritdoc/>
    public WorkState Step(Stamp now)
    {
        if (!robot.IsAtRest) _rested = now;
        double worked = (now - _rested).Seconds;
        return new WorkState(worked >= _seconds, (int)Math.Min(99, 100 * worked / Math.Max(0.1, _seconds)));
    }

    /// <inheritdoc/>
    public void Stop() => robot.Stop();
}
