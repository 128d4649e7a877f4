namespace EdgeAutonomy.Agents;

/// <summary>Where a mission stands, in a few numbers. Sets are bit masks by number.</summary>
/// <param name="Place">Where the robot is.</param>
/// <param name="Battery">What is left, in metres of driving.</param>
/// <param name="Held">The item held, or −1.</param>
/// <param name="Docked">Whether it is docked.</param>
/// <param name="Reported">Whether it has reported.</param>
/// <param name="Processed">Items processed.</param>
/// <param name="Delivered">Items delivered.</param>
/// <param name="Wrong">Items delivered wrongly; there is no way back from that.</param>
/// <param name="DoorsOpen">Doors opened.</param>
/// <param name="LockersOpen">Lockers opened.</param>
/// <param name="Inspected">Targets inspected.</param>
public readonly record struct MissionWorldSituation(
    int Place, int Battery, int Held, bool Docked, bool Reported, int Processed, int Delivered, int Wrong, int DoorsOpen, int LockersOpen, int Inspected);
