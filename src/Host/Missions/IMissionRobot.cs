using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>What a mission needs of the robot that carries it out: where it is, and a goal for its loop.</summary>
/// <remarks>One thread: the one that moves the world.</remarks>
internal interface IMissionRobot
{
    /// <summary>Gets where it is, in metres.</summary>
    MapPoint Position { get; }

    /// <summary>Gets whether it stands.</summary>
    bool IsAtRest { get; }

    /// <summary>Gets whether it has a goal that it has not reached yet.</summary>
    bool HasGoal { get; }

    /// <summary>Sends it somewhere, instead of where it was going.</summary>
    /// <param name="goal">The goal; its number is not 0.</param>
    void Drive(in Goal goal);

    /// <summary>Gets where it would stand out of everybody's way when it has nothing to do; null = where it is.</summary>
    MapPoint? Aside => null;

    /// <summary>Gets the time of its loop, now or a cycle ago.</summary>
    Stamp LoopTime { get; }

    /// <summary>Tells its loop which robots of the fleet are near.</summary>
    /// <param name="neighbours">Who, with times of the loop; copied.</param>
    void Tell(Neighbourhood neighbours);

    /// <summary>Takes the goal away: its loop brings it to rest.</summary>
    void Stop();
}
