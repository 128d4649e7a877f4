namespace EdgeAutonomy.Runtime;

/// <summary>What a cycle did, as far as its energy depends on it.</summary>
public readonly struct EnergyLoad
{
    /// <summary>Gets the time since the previous cycle, which the standing power is paid for.</summary>
    public Duration Dt { get; init; }

    /// <summary>Gets the measured time the stages computed.</summary>
    public Duration Busy { get; init; }

    /// <summary>Gets how many items (events, ranges) the sensor delivered.</summary>
    public int Items { get; init; }

    /// <summary>Gets what the sensor itself says its sensing took, in microjoule (<see cref="SensorApplied.EnergyMicrojoule"/>); 0 = it does not say.</summary>
    public float SensorMicrojoule { get; init; }

    /// <summary>Gets how hard the actuator worked, in [0, 1] of its full power.</summary>
    public float Effort { get; init; }
}
