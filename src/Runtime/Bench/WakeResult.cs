namespace EdgeAutonomy.Runtime;

/// <summary>The wake-up table and what to know about it.</summary>
/// <param name="Rows">One row per strategy, scheduler and load that could be measured.</param>
/// <param name="Findings">What the operating system refused or limits.</param>
public sealed record WakeResult(IReadOnlyList<WakeFigures> Rows, IReadOnlyList<RealTimeFinding> Findings);
