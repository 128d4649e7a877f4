using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>The motors of a robot in a <see cref="World"/> as a loop's actuator.</summary>
/// <remarks>Loop thread, except <see cref="MakeSafe"/>. Allocation-free. A command holds from the next tick of the world on.</remarks>
public sealed class RoverActuator : IActuator<Twist2>
{
    private readonly Rover _rover;
    private readonly Faults _faults;

    /// <summary>Binds a robot.</summary>
    /// <param name="world">The world.</param>
    /// <param name="robot">Which of its robots.</param>
    /// <param name="faults">Faults to play; null = none.</param>
    public RoverActuator(World world, int robot, Faults? faults = null)
    {
        ArgumentNullException.ThrowIfNull(world);
        _rover = world.Robots[robot];
        _faults = faults ?? Faults.None;
        Name = $"{_rover.Name}.motors";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets how many commands were carried out.</summary>
    public long Accepted { get; private set; }

    /// <summary>Gets how many commands were refused.</summary>
    public long Refused { get; private set; }

    /// <inheritdoc/>
    public StageStatus Act(in Twist2 action, in CycleContext context)
    {
        if (!float.IsFinite(action.Linear) || !float.IsFinite(action.Angular))
        {
            Refused++;
            return StageStatus.Failed(FailureCode.NotFinite);
        }
        if (_faults.ActuatorRefuses is { } window && window.Contains(context.Now))
        {
            Refused++;
            return StageStatus.Failed(FailureCode.Refused);
        }
        _rover.Command(action);
        Accepted++;
        return StageStatus.Ok;
    }

    /// <inheritdoc/>
    public void MakeSafe() => _rover.MakeSafe();
}
