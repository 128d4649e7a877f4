namespace EdgeAutonomy.Agents;

/// <summary>What a monitor asks for, the gravest last.</summary>
public enum MonitorAction
{
    /// <summary>Tell people; with any other trigger it becomes a rollback.</summary>
    Alarm,

    /// <summary>Learning stops and the attributor is fitted again; acting goes on.</summary>
    StopLearning,

    /// <summary>The mission under way ends safely.</summary>
    EndMission,

    /// <summary>The fallback policy decides from now on.</summary>
    Fallback,

    /// <summary>The policy must not act: it was made for another world model.</summary>
    Refuse,

    /// <summary>The fallback decides at once, and the bundle is rolled back.</summary>
    Rollback,
}
