namespace EdgeAutonomy.Runtime;

/// <summary>What the ladder looks at in one cycle.</summary>
public readonly struct HealthInputs
{
    /// <summary>Gets the cycle's logical time.</summary>
    public Stamp Now { get; init; }

    /// <summary>Gets the present period; limits in time scale with it.</summary>
    public Duration Period { get; init; }

    /// <summary>Gets whether the last finished cycle missed a budget or its period.</summary>
    public bool Missed { get; init; }

    /// <summary>Gets whether the last finished cycle left less than the wanted slack.</summary>
    public bool SlackShort { get; init; }

    /// <summary>Gets the queue fill, in [0, 1].</summary>
    public float QueueFill { get; init; }

    /// <summary>Gets the lowest trust, in [0, 1].</summary>
    public float Trust { get; init; }

    /// <summary>Gets the age of the sample.</summary>
    public Duration SampleAge { get; init; }

    /// <summary>Gets the time since perception last brought something.</summary>
    public Duration PerceptAge { get; init; }

    /// <summary>Gets whether a stage failed in this cycle.</summary>
    public bool StageFailed { get; init; }

    /// <summary>Gets whether the actuator failed in the last cycle.</summary>
    public bool ActuatorFailed { get; init; }

    /// <summary>Gets whether a required peer is gone.</summary>
    public bool PeerLost { get; init; }

    /// <summary>Gets the least rung that a part outside the loop asks for.</summary>
    public Rung Floor { get; init; }

    /// <summary>Gets whether a stage with on-miss Stop missed.</summary>
    public bool StopOnMiss { get; init; }

    /// <summary>Gets whether the watchdog asked for a stop.</summary>
    public bool WatchdogStop { get; init; }

    /// <summary>Gets whether a person asked for a stop.</summary>
    public bool OperatorStop { get; init; }

    /// <summary>Gets whether a person cleared a latched stop.</summary>
    public bool ClearStop { get; init; }
}
