namespace EdgeAutonomy.Host;

/// <summary>What a robot's process tells the world about its body, many times a second: where it is, for the others to see, and how it stands, for people. Not part of the fleet's own messages.</summary>
/// <param name="Index">Which robot.</param>
/// <param name="X">Metres east.</param>
/// <param name="Y">Metres north.</param>
/// <param name="Heading">Radians.</param>
/// <param name="Vx">m/s east.</param>
/// <param name="Vy">m/s north.</param>
/// <param name="Radius">Metres.</param>
/// <param name="Contacts">Contacts with walls, obstacles and robots since its start.</param>
/// <param name="Cycles">Cycles of its loop.</param>
/// <param name="Phase">What it does.</param>
/// <param name="Task">The task in hand; null = none.</param>
/// <param name="Done">Tasks it finished since its start.</param>
/// <param name="GivenUp">Tasks it gave up since its start.</param>
/// <param name="LinkState">How its link stands.</param>
/// <param name="LinkReason">Why it is not up; empty when it is.</param>
/// <param name="Alive">How many others it holds for alive.</param>
/// <param name="Coordinates">Whether it coordinates.</param>
/// <param name="Link">What its link did since its start.</param>
/// <param name="LatencyUs">Its loop's latency.</param>
internal sealed record RobotTruth(
    int Index, double X, double Y, double Heading, double Vx, double Vy, double Radius, int Contacts, long Cycles, FleetPhase Phase, string? Task, int Done, int GivenUp, Agents.LinkState LinkState, string LinkReason, int Alive, bool Coordinates,
    LinkRow Link, LatencyUs LatencyUs);
