using System.Buffers;

namespace EdgeAutonomy.Runtime;

/// <summary>What a scheduler, a watchdog and a screen need of a loop, whatever its payloads are.</summary>
public interface IControlLoop
{
    /// <summary>Gets the loop's name.</summary>
    string Name { get; }

    /// <summary>Gets the names of its stages: sense, each perceiver, decide, act.</summary>
    IReadOnlyList<string> StageNames { get; }

    /// <summary>Gets the periods it may run at.</summary>
    PeriodGrid Grid { get; }

    /// <summary>Gets the instant of the next cycle.</summary>
    Stamp NextDeadline { get; }

    /// <summary>Gets the newest cycle. Loop thread only; others read <see cref="Statistics"/>.</summary>
    Cycle Cycle { get; }

    /// <summary>Gets how many cycles are finished. Any thread.</summary>
    long CompletedCycles { get; }

    /// <summary>Gets where the loop is right now. Any thread.</summary>
    StageMarker Marker { get; }

    /// <summary>Gets latencies and counters. Any thread may read; values may be a cycle apart.</summary>
    LoopStatistics Statistics { get; }

    /// <summary>Gets the queue of inputs; one thread writes.</summary>
    SpscRing<LoopInput> Inbox { get; }

    /// <summary>Gets what is worth telling a person; one thread reads.</summary>
    SpscRing<LoopEvent> Events { get; }

    /// <summary>Starts every stage and sets the first deadline. Call once, before the first <see cref="RunOnce"/>.</summary>
    /// <exception cref="InvalidOperationException">A stage could not start; the message names it.</exception>
    void Start();

    /// <summary>Waits for the deadline and runs one cycle. One thread only.</summary>
    /// <returns>False when the wait was interrupted and no cycle ran.</returns>
    bool RunOnce();

    /// <summary>Writes the whole state between two cycles: loop, ladder, governor, arbiter, guard, pacer, random streams, stages, payloads. Loop thread.</summary>
    void Freeze(IBufferWriter<byte> writer);

    /// <summary>Brings back what <see cref="Freeze"/> wrote, on a loop of the same stages and options. Loop thread, between two cycles.</summary>
    /// <param name="state">The keyframe.</param>
    /// <param name="fresh">Names of stages, or "pacer", "ladder" …, that keep the state they have because they are others than in the recording; null = none.</param>
    /// <exception cref="InvalidDataException">The keyframe is truncated or was made by a loop of another shape; the message names the part.</exception>
    void Thaw(ReadOnlySpan<byte> state, IReadOnlySet<string>? fresh = null);

    /// <summary>Sends the safe action last and stops every stage. Same thread as <see cref="RunOnce"/>.</summary>
    void Finish();

    /// <summary>Makes the actuator safe and latches the stop. Any thread; the watchdog calls it when the loop hangs.</summary>
    void StopNow();
}
