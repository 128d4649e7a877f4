using EdgeAutonomy.Agents;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Makes the beacon of a simulated robot from its true pose, as a localisation that the built-in world has would tell it.</summary>
internal static class RoverBeacon
{
    /// <summary>Returns the beacon now.</summary>
    public static Beacon Of(Rover rover)
    {
        var (pose, twist) = (rover.Pose, rover.Velocity);
        double cos = Runtime.DeterministicMath.Cos(pose.Heading), sin = Runtime.DeterministicMath.Sin(pose.Heading);
        return new Beacon
        {
            Prefix = new FleetPrefix(FleetKind.Beacon, FleetFlags.Localised, 0, 0, 0, 0), X = (float)pose.X, Y = (float)pose.Y, Heading = (float)pose.Heading,
            VelocityX = (float)(twist.Linear * cos), VelocityY = (float)(twist.Linear * sin), TurnRate = twist.Angular, Radius = (float)rover.Radius, Battery = Beacon.UnknownBattery,
        };
    }
}
