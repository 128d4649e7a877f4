using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording;

/// <summary>A robot seen from above.</summary>
/// <param name="Name">Its name, the same as its loop's.</param>
/// <param name="Pose">Where it really is.</param>
/// <param name="Radius">Radius of its disc in metres.</param>
/// <param name="Goal">Where it wants to go.</param>
/// <param name="GoalsReached">Goals reached since the start.</param>
/// <param name="Collisions">Contacts since the start.</param>
public readonly record struct MapRobot(string Name, Pose2 Pose, double Radius, Goal Goal, int GoalsReached, int Collisions);
