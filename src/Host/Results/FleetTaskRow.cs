using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>A task that was done.</summary>
/// <param name="Task">Its id.</param>
/// <param name="Kind">What was to be done.</param>
/// <param name="Class">What it demanded.</param>
/// <param name="By">Which robot did it.</param>
/// <param name="Seconds">When the board knew, in seconds from the start.</param>
public sealed record FleetTaskRow(string Task, string Kind, TaskClass Class, string By, double Seconds);
