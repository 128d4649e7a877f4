namespace EdgeAutonomy.Runtime;

/// <summary>Gives a replaying loop what its stages cannot make again: what was drained from the inbox and what was decided from measured time.</summary>
/// <remarks>Loop thread only. Samples come through the loop's sensor, which is a replaying one then.</remarks>
public interface IReplayFeed
{
    /// <summary>Gets what the present cycle decided from measured time.</summary>
    ref readonly MeasuredDecisions Measured { get; }

    /// <summary>Gets what the present cycle drained from the inbox.</summary>
    ReadOnlySpan<LoopInput> Inputs { get; }

    /// <summary>Gets the logical time of the present cycle when the loop must keep to the recording's, whatever its own pacer says; null = it follows its own.</summary>
    Stamp? Tag { get; }

    /// <summary>Moves on to the record of a cycle, which is the next one in the recording.</summary>
    /// <param name="cycleId">The loop's own number of the cycle.</param>
    /// <exception cref="InvalidDataException">The recording has no such cycle in this place.</exception>
    void Next(ulong cycleId);

    /// <summary>Returns how many quanta a stage did in the present cycle.</summary>
    int Quanta(int stage);
}
