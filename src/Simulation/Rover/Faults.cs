namespace EdgeAutonomy.Simulation;

/// <summary>Faults of a simulated robot's devices, for tests and drills; null = never.</summary>
public sealed record Faults
{
    /// <summary>No fault at all.</summary>
    public static Faults None { get; } = new();

    /// <summary>Gets when the sensor delivers nothing: <see cref="RoverSensor.Sense"/> answers NoOutput.</summary>
    public FaultWindow? SensorSilent { get; init; }

    /// <summary>Gets when the sensor does not answer: Failed(Unavailable).</summary>
    public FaultWindow? SensorUnavailable { get; init; }

    /// <summary>Gets when every range that was measured is NaN although it is reported as sensed.</summary>
    public FaultWindow? ScanNotANumber { get; init; }

    /// <summary>Gets when odometry and turn rate are NaN.</summary>
    public FaultWindow? OdometryNotANumber { get; init; }

    /// <summary>Gets when the camera repeats the last events before the fault, old times included.</summary>
    public FaultWindow? EventsFrozen { get; init; }

    /// <summary>Gets when the camera gives no events although things move.</summary>
    public FaultWindow? EventsMissing { get; init; }

    /// <summary>Gets when the actuator refuses commands: Failed(Refused); the robot keeps its last one until the motor controller times out.</summary>
    public FaultWindow? ActuatorRefuses { get; init; }
}
