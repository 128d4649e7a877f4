using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>How a rover stands, as its loop saw it at the start of a cycle.</summary>
/// <param name="Orders">How many goals that were sent through its <see cref="RoverPost"/> it knows of.</param>
/// <param name="Time">When, in the world's time.</param>
/// <param name="Pose">Where it is, metres and radians.</param>
/// <param name="Velocity">How it moves, m/s and rad/s.</param>
/// <param name="Goal">Where it is going; <see cref="Goal.None"/> when it has arrived or was told to rest.</param>
public readonly record struct RoverReport(long Orders, Stamp Time, Pose2 Pose, Twist2 Velocity, Goal Goal);
