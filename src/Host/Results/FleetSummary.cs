namespace EdgeAutonomy.Host;

/// <summary>What a fleet's tasks came to.</summary>
/// <param name="Tasks">How many there were.</param>
/// <param name="TasksDone">How many were done.</param>
/// <param name="DoneTwice">How many that must be done once were done more often.</param>
/// <param name="GivenUp">How often a robot gave a task up.</param>
/// <param name="Makespan">When the last one was done, in seconds.</param>
/// <param name="PlannedSeconds">The same for a plan made by one place that knows all tasks, ways and robots, at the speed that ways are reckoned with.</param>
/// <param name="LowerBound">No plan at that speed is faster, in seconds.</param>
/// <param name="Ratio">Makespan over planned seconds; null when a task is not done.</param>
/// <param name="Link">What the links did.</param>
/// <param name="PerTask">One row per task that was done.</param>
public sealed record FleetSummary(int Tasks, int TasksDone, int DoneTwice, long GivenUp, double Makespan, double PlannedSeconds, double LowerBound, double? Ratio, LinkRow Link, IReadOnlyList<FleetTaskRow> PerTask);
