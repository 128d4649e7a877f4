namespace EdgeAutonomy.Runtime;

/// <summary>The constants of <see cref="ModelEnergyMeter"/>. The defaults are round figures for a small rover with an embedded board, not measurements;
/// put in your own.</summary>
public sealed record ModelEnergyOptions
{
    /// <summary>Gets the standing power of the sensors in watt; default 0.025, an event camera's order of magnitude.</summary>
    public float SensorWatt { get; init; } = 0.025f;

    /// <summary>Gets the energy per sensed item in nanojoule; default 10. Unused in cycles whose sensor reports its own energy.</summary>
    public float ItemNanojoule { get; init; } = 10f;

    /// <summary>Gets the standing power of the board in watt; default 3.</summary>
    public float IdleWatt { get; init; } = 3f;

    /// <summary>Gets the further power of one computing core in watt; default 2.</summary>
    public float BusyWatt { get; init; } = 2f;

    /// <summary>Gets the standing power of the actuators in watt; default 0.5.</summary>
    public float ActuatorIdleWatt { get; init; } = 0.5f;

    /// <summary>Gets the further power of the actuators at full effort in watt; default 10.</summary>
    public float ActuatorWatt { get; init; } = 10f;
}
