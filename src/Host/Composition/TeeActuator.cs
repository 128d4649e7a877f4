using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Sends every command to an actuator and to a mirror that only listens along: whether the mirror is there changes nothing for the loop.</summary>
/// <remarks>For rigs: the simulated rover drives while a motor controller in another process gets the same commands.</remarks>
public sealed class TeeActuator : IActuator<Twist2>
{
    private readonly IActuator<Twist2> _first, _second;

    /// <summary>Makes the pair.</summary>
    public TeeActuator(IActuator<Twist2> first, IActuator<Twist2> second)
    {
        _first = first;
        _second = second;
    }

    /// <summary>Gets how many commands the mirror did not take.</summary>
    public long MirrorFailures { get; private set; }

    /// <inheritdoc/>
    public string Name => _first.Name;

    /// <inheritdoc/>
    public void Start()
    {
        _first.Start();
        _second.Start();
    }

    /// <inheritdoc/>
    public StageStatus Act(in Twist2 action, in CycleContext context)
    {
        var first = _first.Act(action, context);
        if (_second.Act(action, context).IsFailed) MirrorFailures++;
        return first;
    }

    /// <inheritdoc/>
    public void MakeSafe()
    {
        _first.MakeSafe();
        _second.MakeSafe();
    }

    /// <inheritdoc/>
    public void Stop()
    {
        _first.Stop();
        _second.Stop();
    }
}
