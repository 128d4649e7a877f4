namespace EdgeAutonomy.Host;

/// <summary>One fault of a drill and what came of it.</summary>
/// <param name="Fault">What was done, to whom.</param>
/// <param name="At">When, in seconds from the start.</param>
/// <param name="LastedSeconds">How long it lasted: until the process was started again, thawed, or the network mended.</param>
/// <param name="RecoverySeconds">From then until all robots were connected, heard each other and a task was done; null = not before the end.</param>
public sealed record FleetDrillRow(string Fault, double At, double LastedSeconds, double? RecoverySeconds);
