using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>The last check between a decision and the actuator, and the only thing in a loop that may call the actuator.</summary>
/// <remarks>
/// Whatever comes in, what goes out is finite, inside the limits, and as safe as the rung demands: rungs 0 and 1 limit range and rate of change, rung 2
/// caps the speed, rung 3 decays the last command to rest, rung 4 sends the safe action every cycle. <see cref="StopNow"/> may be called from any thread and
/// wins over everything the loop sends later. Allocation-free.
/// </remarks>
/// <typeparam name="TAction">The action, an unmanaged struct.</typeparam>
public sealed class ActionGuard<TAction> : IFreezable where TAction : unmanaged
{
    private readonly IActuator<TAction> _actuator;
    private readonly IActionRules<TAction> _rules;
    private TAction _last;
    private volatile bool _stopped;

    /// <summary>Makes a guard in front of an actuator.</summary>
    public ActionGuard(IActuator<TAction> actuator, IActionRules<TAction> rules)
    {
        _actuator = actuator;
        _rules = rules;
        _last = rules.Safe;
    }

    /// <summary>Gets the action sent last.</summary>
    public TAction Last => _last;

    /// <summary>Gets whether <see cref="StopNow"/> was called.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Turns a proposal into the action that may be sent.</summary>
    /// <param name="proposal">The policy's action; read only when <paramref name="fresh"/>.</param>
    /// <param name="fresh">Whether the policy decided in this cycle.</param>
    /// <param name="forceSafe">Whether this cycle must send the safe action (warm-up, on-miss Safe).</param>
    /// <param name="dt">Time since the last cycle.</param>
    /// <param name="rung">The rung in force.</param>
    /// <param name="flags">HeldOutput and Guarded are set here.</param>
    public TAction Check(in TAction proposal, bool fresh, bool forceSafe, Duration dt, Rung rung, ref CycleFlags flags)
    {
        if (_stopped || forceSafe || rung == Rung.SafeStop)
        {
            flags |= CycleFlags.Guarded;
            return _rules.Safe;
        }
        var action = _last;
        if (rung == Rung.Hold || !fresh)
        {
            flags |= CycleFlags.HeldOutput;
            // A missing decision may be a slow sensor: hold. On rung 3 it is a fault: come to rest.
            if (rung >= Rung.Degraded) _rules.Decay(ref action, dt);
        }
        else if (_rules.IsFinite(proposal)) action = proposal;
        else
        {
            flags |= CycleFlags.HeldOutput | CycleFlags.Guarded;
            _rules.Decay(ref action, dt);
        }
        if (_rules.Limit(_last, ref action, dt, rung)) flags |= CycleFlags.Guarded;
        return _rules.IsFinite(action) ? action : _rules.Safe;
    }

    /// <summary>Tells whether a proposal's numbers are finite.</summary>
    public bool IsFinite(in TAction proposal) => _rules.IsFinite(proposal);

    /// <summary>Sends an action that <see cref="Check"/> returned.</summary>
    public StageStatus Send(in TAction action, in CycleContext context)
    {
        var final = _stopped ? _rules.Safe : action;
        _last = final;
        var status = _actuator.Act(final, context);
        // The stop may have come from another thread while Act was under way: the safe command must be the last one.
        if (_stopped) _actuator.MakeSafe();
        return status;
    }

    /// <summary>Makes the actuator safe at once and lets nothing but the safe action through from now on. Any thread.</summary>
    public void StopNow()
    {
        _stopped = true;
        _actuator.MakeSafe();
    }

    /// <summary>Lifts a stop after a person cleared it. Loop thread only.</summary>
    public void Release() => _stopped = false;

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        w.Write(_last);
        w.Write((byte)(_stopped ? 1 : 0));
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, "Action guard");
        _last = r.Read<TAction>();
        _stopped = r.Read<byte>() != 0;
        r.End();
    }
}
