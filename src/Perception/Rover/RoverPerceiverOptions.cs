namespace EdgeAutonomy.Perception;

/// <summary>The parts of a <see cref="RoverPerceiver"/>.</summary>
public sealed record RoverPerceiverOptions
{
    /// <summary>Gets the event camera; default <see cref="CameraGeometry.Rover"/>.</summary>
    public CameraGeometry Camera { get; init; } = CameraGeometry.Rover;

    /// <summary>Gets the constants of the box detector.</summary>
    public DotieOptions Dotie { get; init; } = new();

    /// <summary>Gets how range and time to contact come out of events; default <see cref="PerceptionKind.Spiking"/>.</summary>
    public PerceptionKind Kind { get; init; } = PerceptionKind.Spiking;

    /// <summary>Gets how to look for approaching things.</summary>
    public LoomingOptions Looming { get; init; } = new();

    /// <summary>Gets how image motion becomes range and time to contact, under <see cref="PerceptionKind.Spiking"/>.</summary>
    public MotionContactOptions Contact { get; init; } = new();

    /// <summary>Gets the trained kernel, under <see cref="PerceptionKind.Spiking"/>; null = the one that ships.</summary>
    public MotionKernel? Kernel { get; init; }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentNullException">A part is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Camera);
        ArgumentNullException.ThrowIfNull(Dotie);
        ArgumentNullException.ThrowIfNull(Looming);
        ArgumentNullException.ThrowIfNull(Contact);
        Camera.Validate();
        Dotie.Validate();
        Looming.Validate();
        Contact.Validate();
        OptionRange.Check(Enum.IsDefined(Kind), nameof(RoverPerceiverOptions), nameof(Kind), Kind, "must be Spiking or Dotie");
        OptionRange.Check(Kind == PerceptionKind.Dotie || Contact.Sectors == Looming.Sectors, nameof(MotionContactOptions), nameof(MotionContactOptions.Sectors), Contact.Sectors, $"must be as many as the looming estimator's, {Looming.Sectors}");
    }
}
