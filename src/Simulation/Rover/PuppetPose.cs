using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>Where a robot is that another world moves.</summary>
/// <param name="IsKnown">False = nothing is known; the rest has no meaning.</param>
/// <param name="Pose">Where it is; finite.</param>
/// <param name="Vx">Metres per second east.</param>
/// <param name="Vy">Metres per second north.</param>
public readonly record struct PuppetPose(bool IsKnown, Pose2 Pose, double Vx, double Vy);
