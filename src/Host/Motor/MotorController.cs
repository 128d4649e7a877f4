using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>A motor controller as a microcontroller would be: follows commands, and stops by itself when they cease.</summary>
/// <remarks>The last line of defence of a robot, in a process of its own so that fault tests can kill or freeze the runtime and watch what the
/// motors do. Pure state, no clock and no socket; one thread at a time.</remarks>
public sealed class MotorController
{
    private readonly Duration _timeout;
    private Stamp _last = Stamp.Never;
    private uint _sequence;
    private long _commands, _lost, _stale, _rejected;

    /// <summary>Makes a controller at rest.</summary>
    /// <param name="timeout">How long a command holds; positive.</param>
    public MotorController(Duration timeout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(timeout.Nanoseconds, nameof(timeout));
        _timeout = timeout;
    }

    /// <summary>Gets what the motors do.</summary>
    public MotorState State { get; private set; }

    /// <summary>Gets the velocity the motors have.</summary>
    public Twist2 Velocity { get; private set; }

    /// <summary>Gets when the present command ends; null when none is in force.</summary>
    public Stamp? Deadline => State == MotorState.Driving ? _last + _timeout : null;

    /// <summary>Takes one datagram.</summary>
    /// <param name="bytes">What arrived, of any content and length.</param>
    /// <param name="now">When it arrived.</param>
    /// <returns>The change of state, or null when there was none.</returns>
    public MotorChange? Receive(ReadOnlySpan<byte> bytes, Stamp now)
    {
        if (!MotorDatagram.TryRead(bytes, out var command))
        {
            _rejected++;
            return null;
        }
        // Numbers wrap, so order is the sign of the difference. A sender that started anew counts from 1 again: once the motors stand,
        // no older command can do harm, so any number is accepted then.
        int ahead = unchecked((int)(command.Sequence - _sequence));
        bool follows = State != MotorState.Driving || ahead > 0;
        // A stop is obeyed whatever its number: the watchdog's may overtake the loop's last command.
        if (!follows && command.Kind != MotorCommandKind.Safe)
        {
            _stale++;
            return null;
        }
        if (State == MotorState.Driving && ahead > 1) _lost += ahead - 1;
        if (follows) _sequence = command.Sequence;
        _last = now;
        _commands++;
        var before = State;
        State = command.Kind == MotorCommandKind.Safe ? MotorState.Safe : MotorState.Driving;
        Velocity = State == MotorState.Safe ? Twist2.Rest : new Twist2(command.Linear, command.Angular);
        if (State == before) return null;
        return State == MotorState.Safe ? Describe("safe", "commanded", now) : Describe("driving", null, now);
    }

    /// <summary>Lets time pass: stops the motors when the last command is too old.</summary>
    /// <returns>The change of state, or null when there was none.</returns>
    public MotorChange? Tick(Stamp now)
    {
        if (State != MotorState.Driving || now - _last < _timeout) return null;
        State = MotorState.Safe;
        Velocity = Twist2.Rest;
        return Describe("safe", "timeout", now);
    }

    /// <summary>Describes the present state as a line of the log.</summary>
    /// <param name="what">What happened.</param>
    /// <param name="reason">Why.</param>
    /// <param name="now">When.</param>
    public MotorChange Describe(string what, string? reason, Stamp now) => new()
    {
        Event = what,
        Reason = reason,
        MonotonicNs = now.Nanoseconds,
        AgeMs = _commands == 0 ? null : (now - _last).Milliseconds,
        Sequence = _sequence,
        Linear = Velocity.Linear,
        Angular = Velocity.Angular,
        Commands = _commands,
        Lost = _lost,
        Stale = _stale,
        Rejected = _rejected,
    };
}
