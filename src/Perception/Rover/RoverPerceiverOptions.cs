namespace EdgeAutonomy.Perception;

/// <summary>The parts of a <see cref="RoverPerceiver"/>.</summary>
public sealed record RoverPerceiverOptions
{
    /// <summary>Gets the event camera; default <see cref="CameraGeometry.Rover"/>.</summary>
    public CameraGeometry Camera { get; init; } = CameraGeometry.Rover;

    /// <summary>Gets the constants of the box detector.</summary>
    public DotieOptions Dotie { get; init; } = new();

    /// <summary>Gets how to look for approaching things.</summary>
    public LoomingOptions Looming { get; init; } = new();

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentNullException">A part is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Camera);
        ArgumentNullException.ThrowIfNull(Dotie);
        ArgumentNullException.ThrowIfNull(Looming);
        Camera.Validate();
        Dotie.Validate();
        Looming.Validate();
    }
}
