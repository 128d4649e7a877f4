namespace EdgeAutonomy.Agents;

/// <summary>What a robot says of itself in every binary message. The high byte is the period of its beacons in tenths of a second, 0 = not said.</summary>
[Flags]
public enum FleetFlags : ushort
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The emergency stop is pressed.</summary>
    EmergencyStop = 1,

    /// <summary>The robot takes its half of every avoidance.</summary>
    Cooperating = 2,

    /// <summary>The pose can be trusted.</summary>
    Localised = 4,

    /// <summary>The robot carries a load.</summary>
    Loaded = 8,
}
