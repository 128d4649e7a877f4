namespace EdgeAutonomy.Simulation;

/// <summary>The range sensor of a robot.</summary>
public sealed record ScanSpec
{
    /// <summary>Gets how many beams; 0 = no range sensor.</summary>
    public int Beams { get; init; } = 72;

    /// <summary>Gets the angle covered in degrees, centred ahead.</summary>
    public double FieldDegrees { get; init; } = 360;

    /// <summary>Gets the range in metres.</summary>
    public double MaxRange { get; init; } = 6;

    /// <summary>Gets the noise of a range in metres.</summary>
    public double Noise { get; init; } = 0.01;

    /// <summary>Gets the rate in hertz.</summary>
    public double RateHz { get; init; } = 20;
}
