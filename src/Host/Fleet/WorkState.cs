namespace EdgeAutonomy.Host;

/// <summary>How the work at a task stands.</summary>
/// <param name="IsDone">It is finished.</param>
/// <param name="Percent">How far it is, 0 to 100.</param>
/// <param name="Fault">Why it cannot be finished, as the end of a sentence; null = it can.</param>
internal readonly record struct WorkState(bool IsDone, int Percent, string? Fault = null);
