namespace EdgeAutonomy.Agents;

/// <summary>What a robot, or the broker in its name, said last about its being there.</summary>
public enum RobotPresence
{
    /// <summary>Nothing yet.</summary>
    Unknown,

    /// <summary>It is connected.</summary>
    Online,

    /// <summary>It left.</summary>
    Offline,

    /// <summary>The broker lost it. A hint: the robot may live.</summary>
    Broken,
}
