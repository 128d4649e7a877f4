namespace EdgeAutonomy.Host;

/// <summary>Faults of a drill.</summary>
internal enum DrillFault
{
    /// <summary>A robot's process is killed and started again.</summary>
    KillRobot,

    /// <summary>The broker is killed and started again with what it had saved.</summary>
    KillBroker,

    /// <summary>A robot's process is stopped where it stands, and goes on later.</summary>
    FreezeRobot,

    /// <summary>A robot has no network for a while.</summary>
    CutRobot,
}
