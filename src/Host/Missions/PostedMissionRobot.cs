using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>A robot whose loop runs on a thread of its own: goals and reports go through mailboxes.</summary>
/// <remarks>Any thread. A goal that the loop has not taken yet counts as the robot's goal already, so that nobody takes the state before it for an arrival.</remarks>
/// <param name="post">The mailboxes.</param>
internal sealed class PostedMissionRobot(RoverPost post) : IMissionRobot
{
    // Slower than this is noise of the contact with the floor, not driving.
    private const double RestSpeed = 0.02, RestTurn = 0.05;

    /// <inheritdoc/>
    /// <remarks><see cref="Stamp.Zero"/> until the loop was heard of.</remarks>
    public Stamp LoopTime => post.Read(out _).Time;

    /// <inheritdoc/>
    public MapPoint Position => post.Read(out _).Pose is var pose ? new(pose.X, pose.Y) : default;

    /// <inheritdoc/>
    public bool IsAtRest => post.Read(out var pending) is var report && pending is not { Id: not 0 } && Math.Abs(report.Velocity.Linear) < RestSpeed && Math.Abs(report.Velocity.Angular) < RestTurn;

    /// <inheritdoc/>
    public bool HasGoal => post.Read(out var pending) is var report && (pending ?? report.Goal).Id != 0;

    /// <inheritdoc/>
    public void Drive(in Goal goal) => post.Send(goal);

    /// <inheritdoc/>
    public void Tell(Neighbourhood neighbours) => post.Tell(neighbours);

    /// <inheritdoc/>
    public void Stop() => post.Send(Goal.None);
}
