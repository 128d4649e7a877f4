using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Makes the beacon of a simulated robot from its true pose, as a localisation that the built-in world has would tell it.</summary>
internal static class RoverBeacon
{
    // Who stands does not make room: others must take the whole of the avoidance.
    private const float Standing = 0.02f;

    /// <summary>Returns the beacon now.</summary>
    public static Beacon Of(Rover rover)
    {
        return Of(rover.Pose, rover.Velocity, rover.Radius);
    }

    /// <summary>Returns the beacon of a robot that is somewhere and moves.</summary>
    public static Beacon Of(in Pose2 pose, in Twist2 velocity, double radius) => new()
    {
        Prefix = new FleetPrefix(FleetKind.Beacon, Math.Abs(velocity.Linear) > Standing ? FleetFlags.Localised | FleetFlags.Cooperating : FleetFlags.Localised, 0, 0, 0, 0), X = (float)pose.X, Y = (float)pose.Y, Heading = (float)pose.Heading,
        VelocityX = (float)(velocity.Linear * DeterministicMath.Cos(pose.Heading)), VelocityY = (float)(velocity.Linear * DeterministicMath.Sin(pose.Heading)), TurnRate = velocity.Angular,
        Radius = (float)radius, Battery = Beacon.UnknownBattery,
    };
}
