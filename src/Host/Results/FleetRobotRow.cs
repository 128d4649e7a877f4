namespace EdgeAutonomy.Host;

/// <summary>One robot of a fleet, as it stands.</summary>
/// <param name="Robot">Its name.</param>
/// <param name="Phase">What it does.</param>
/// <param name="Task">The task in hand; null = none.</param>
/// <param name="Done">Tasks it finished since it was started last.</param>
/// <param name="GivenUp">Tasks it gave up since then.</param>
/// <param name="Contacts">Contacts with anything since then.</param>
/// <param name="Link">How its link stands, and why where it is not up.</param>
/// <param name="Alive">How many others it holds for alive.</param>
/// <param name="Coordinates">Whether it coordinates.</param>
public sealed record FleetRobotRow(string Robot, string Phase, string? Task, int Done, int GivenUp, int Contacts, string Link, int Alive, bool Coordinates);
