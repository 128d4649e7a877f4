using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>An actuator that moves nothing.</summary>
internal sealed class NoActuator : IActuator<Twist2>
{
    /// <inheritdoc/>
    public string Name => "nothing";

    /// <inheritdoc/>
    public StageStatus Act(in Twist2 action, in CycleContext context) => StageStatus.Ok;

    /// <inheritdoc/>
    public void MakeSafe() { }
}
