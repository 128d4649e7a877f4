namespace EdgeAutonomy.Runtime;

/// <summary>The port through which cycles leave the loop: a recorder, a live view, a test.</summary>
public interface ICycleSink
{
    /// <summary>Takes note of a finished cycle.</summary>
    /// <param name="cycle">Valid during the call only; cast to <see cref="TypedCycle{TSample,TPercept,TAction}"/> for the payloads.</param>
    /// <remarks>Called on the loop thread: must not block, allocate or throw. Copy into a bounded ring and count what does not fit.</remarks>
    void OnCycle(Cycle cycle);
}
