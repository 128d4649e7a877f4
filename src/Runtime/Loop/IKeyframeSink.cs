namespace EdgeAutonomy.Runtime;

/// <summary>A sink that wants the loop's whole state now and then, so that a replay can begin there.</summary>
public interface IKeyframeSink : ICycleSink
{
    /// <summary>Tells whether it wants the state behind this cycle. Loop thread; must not block, allocate or throw.</summary>
    bool WantsKeyframe(Cycle cycle);

    /// <summary>Takes the state in front of a cycle: before the first one, and behind every cycle for which <see cref="WantsKeyframe"/> said yes.</summary>
    /// <param name="loop">Ask it to <see cref="IControlLoop.Freeze"/> during the call.</param>
    /// <param name="nextCycle">The number of the cycle that comes next.</param>
    /// <param name="tag">The logical time of the cycle before it, or of the start.</param>
    void OnKeyframe(IControlLoop loop, ulong nextCycle, Stamp tag);
}
