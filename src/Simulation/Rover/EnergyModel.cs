namespace EdgeAutonomy.Simulation;

/// <summary>What sensing costs: E = P_static·Dt + events·E_event + beams·E_pulse, with the pulse growing as the fourth power of range.</summary>
/// <remarks>
/// Estimates, not measurements. Static power and energy per event are of the order that makers state for event sensors; the fourth power is the
/// radar equation used by R-MAE (arXiv 2406.07833) for pulses that must still be seen at a range.
/// </remarks>
public sealed record EnergyModel
{
    /// <summary>Gets the camera's power without events in milliwatt.</summary>
    public double CameraStaticMilliwatt { get; init; } = 20;

    /// <summary>Gets the energy of one event in nanojoule.</summary>
    public double EventNanojoule { get; init; } = 5;

    /// <summary>Gets the range sensor's power without pulses in milliwatt, paid while it has beams.</summary>
    public double ScanStaticMilliwatt { get; init; } = 100;

    /// <summary>Gets the energy of one pulse that reaches 10 m in microjoule.</summary>
    public double PulseMicrojouleAt10Metres { get; init; } = 1000;

    /// <summary>Returns the energy of one pulse for a range in microjoule.</summary>
    public double PulseMicrojoule(double range)
    {
        double r = range / 10, r2 = r * r;
        return PulseMicrojouleAt10Metres * r2 * r2;
    }
}
