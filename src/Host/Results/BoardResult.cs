namespace EdgeAutonomy.Host;

/// <summary>What a board's tasks came to.</summary>
/// <param name="Site">The site.</param>
/// <param name="Tasks">How many there are.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Unfinished">How many are neither done nor cancelled.</param>
/// <param name="DoneTwice">How often a second robot reported a task that was done already.</param>
/// <param name="PerTask">One row per task.</param>
public sealed record BoardResult(string Site, int Tasks, int Done, int Unfinished, long DoneTwice, IReadOnlyList<BoardRow> PerTask);
