using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>A robot of the built-in world, told its goals as a station's: they reach its loop in the next sample, and are recorded there.</summary>
internal sealed class SimulatedMissionRobot(World world, Rover rover) : IMissionRobot
{
    // Slower than this is noise of the contact with the floor, not driving.
    private const double RestSpeed = 0.02, RestTurn = 0.05;

    /// <inheritdoc/>
    public MapPoint Position => new(rover.Pose.X, rover.Pose.Y);

    /// <inheritdoc/>
    public bool IsAtRest => Math.Abs(rover.Velocity.Linear) < RestSpeed && Math.Abs(rover.Velocity.Angular) < RestTurn;

    /// <inheritdoc/>
    public bool HasGoal => rover.Goal.Id != 0;

    /// <inheritdoc/>
    public void Drive(in Goal goal) => rover.SetGoal(goal);

    /// <inheritdoc/>
    public Stamp LoopTime => world.Now;

    /// <inheritdoc/>
    public void Tell(Neighbourhood neighbours) => rover.Neighbours.CopyFrom(neighbours);

    /// <inheritdoc/>
    public void Stop() => rover.SetGoal(Goal.None);
}
