using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A robot that notes its goals and arrives when a test says so.</summary>
internal sealed class ScriptedRobot : IMissionRobot
{
    public List<Goal> Goals { get; } = [];

    public Goal Goal { get; private set; }

    public MapPoint Position { get; set; }

    public bool IsAtRest { get; set; } = true;

    public bool HasGoal => Goal.Id != 0;

    public int Stops { get; private set; }

    public Stamp LoopTime { get; set; }

    public int Neighbours { get; private set; }

    public void Tell(Neighbourhood neighbours) => Neighbours = neighbours.Count;

    public void Drive(in Goal goal)
    {
        Goal = goal;
        Goals.Add(goal);
    }

    public void Stop()
    {
        Goal = Goal.None;
        Stops++;
    }

    public void Arrive() => (Position, Goal) = (new MapPoint(Goal.X, Goal.Y), Goal.None);
}
