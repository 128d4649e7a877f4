using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>A policy that looks on: always rest.</summary>
internal sealed class NoPolicy : IPolicy<Percept, Twist2>
{
    /// <inheritdoc/>
    public string Name => "look-on";

    /// <inheritdoc/>
    public StageStatus Decide(in Percept percept, ref Decision<Twist2> decision, in CycleContext context)
    {
        decision.Action = Twist2.Rest;
        return StageStatus.Ok;
    }
}
