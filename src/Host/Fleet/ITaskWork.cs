using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>What a robot of a fleet does at the place of its task, up to the act that cannot be undone.</summary>
/// <remarks>One thread: the one that steps the robot.</remarks>
internal interface ITaskWork
{
    /// <summary>Begins; the robot stands at the place.</summary>
    void Begin(FleetTask task, Stamp now);

    /// <summary>Goes on.</summary>
    WorkState Step(Stamp now);

    /// <summary>Breaks off; the robot is brought to rest. May be called when nothing is under way.</summary>
    void Stop();
}
