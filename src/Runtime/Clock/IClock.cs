namespace EdgeAutonomy.Runtime;

/// <summary>The only source of logical time for a loop.</summary>
/// <remarks>Implementations are thread-safe for <see cref="Now"/>; <see cref="WaitUntil"/> is called by one loop thread.</remarks>
public interface IClock
{
    /// <summary>Gets the present instant. Never goes backwards. Does not allocate.</summary>
    Stamp Now { get; }

    /// <summary>Waits until <paramref name="deadline"/> or returns at once when it has passed. Does not allocate.</summary>
    /// <param name="deadline">The absolute instant to wake at.</param>
    /// <returns>The instant of waking and whether the wait was ended early by <see cref="Interrupt"/>.</returns>
    WaitResult WaitUntil(Stamp deadline);

    /// <summary>Ends a wait in progress, and the next one when none is in progress. Any thread.</summary>
    void Interrupt();
}
