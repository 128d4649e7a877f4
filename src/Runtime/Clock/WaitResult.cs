namespace EdgeAutonomy.Runtime;

/// <summary>How a wait on a clock ended.</summary>
/// <param name="Woke">The instant at which the thread ran again.</param>
/// <param name="Interrupted">True when <see cref="IClock.Interrupt"/> ended the wait before its deadline.</param>
public readonly record struct WaitResult(Stamp Woke, bool Interrupted);
