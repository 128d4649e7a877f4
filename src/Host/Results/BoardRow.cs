using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>A task of a board.</summary>
/// <param name="Task">Its id.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="Class">What it demands.</param>
/// <param name="State">How it stands.</param>
/// <param name="By">Who did it; null = nobody.</param>
/// <param name="Why">Why it is held or cancelled.</param>
public sealed record BoardRow(string Task, string Kind, TaskClass Class, TaskState State, string? By, string Why);
