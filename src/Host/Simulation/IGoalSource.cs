using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>What sends the robots of a simulated run from place to place instead of the world: a mission agent, or a fleet that shares out tasks.</summary>
/// <remarks>One thread, the one that moves the world.</remarks>
internal interface IGoalSource : IDisposable
{
    /// <summary>Gets whether nothing more is to be done.</summary>
    bool IsOver { get; }

    /// <summary>Gets one line about it.</summary>
    string Headline { get; }

    /// <summary>Runs everything up to an instant, or until it is over.</summary>
    void RunUntil(Stamp end);

    /// <summary>Ends what is under way, the robots at rest. Before the loops end.</summary>
    void Finish();
}
