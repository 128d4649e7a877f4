namespace EdgeAutonomy.Agents;

/// <summary>How a mission ended.</summary>
public enum MissionOutcome
{
    /// <summary>Its goal holds.</summary>
    Succeeded,

    /// <summary>It ended by its own rules without its goal: the step limit, or a mistake that cannot be undone.</summary>
    Failed,

    /// <summary>Nobody had an admissible command, again and again, or a monitor ended it; the robot rests safely.</summary>
    SafeStopped,

    /// <summary>Somebody stopped it from outside.</summary>
    Cancelled,

    /// <summary>The body failed or did not report in time.</summary>
    Fault,
}
