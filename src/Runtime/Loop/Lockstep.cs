namespace EdgeAutonomy.Runtime;

/// <summary>Runs several loops, each with its own period, in lockstep with a simulated world: as fast as the machine can, the same on every machine.</summary>
/// <remarks>The loop with the earliest deadline goes first, of equal ones the one named first in the list. The world stands at a loop's deadline when that loop senses.
/// One thread. Allocation-free while running.</remarks>
public sealed class Lockstep
{
    private readonly SimClock _clock;
    private readonly ISimulated _world;
    private readonly IControlLoop[] _loops;

    /// <summary>Makes a scheduler.</summary>
    /// <param name="clock">The clock that all loops use.</param>
    /// <param name="world">The world that moves with it.</param>
    /// <param name="loops">The loops, in the order that breaks ties.</param>
    public Lockstep(SimClock clock, ISimulated world, IEnumerable<IControlLoop> loops)
    {
        _clock = clock;
        _world = world;
        _loops = [.. loops];
        if (_loops.Length == 0) throw new ArgumentException("A lockstep needs at least one loop.", nameof(loops));
    }

    /// <summary>Starts every loop.</summary>
    public void Start()
    {
        foreach (var loop in _loops) loop.Start();
    }

    /// <summary>Runs one cycle of the loop whose deadline is next and returns that loop.</summary>
    public IControlLoop Step()
    {
        var next = _loops[0];
        for (int i = 1; i < _loops.Length; i++)
        {
            if (_loops[i].NextDeadline < next.NextDeadline) next = _loops[i];
        }
        _clock.AdvanceTo(next.NextDeadline);
        _world.AdvanceTo(next.NextDeadline);
        next.RunOnce();
        return next;
    }

    /// <summary>Runs until every loop's next deadline is after <paramref name="end"/>, then moves the world there.</summary>
    /// <returns>How many cycles ran.</returns>
    public long RunUntil(Stamp end)
    {
        long cycles = 0;
        while (Earliest() <= end)
        {
            Step();
            cycles++;
        }
        _clock.AdvanceTo(end);
        _world.AdvanceTo(end);
        return cycles;
    }

    /// <summary>Finishes every loop: the safe action is the last one.</summary>
    public void Finish()
    {
        foreach (var loop in _loops) loop.Finish();
    }

    private Stamp Earliest()
    {
        var earliest = _loops[0].NextDeadline;
        for (int i = 1; i < _loops.Length; i++)
        {
            if (_loops[i].NextDeadline < earliest) earliest = _loops[i].NextDeadline;
        }
        return earliest;
    }
}
