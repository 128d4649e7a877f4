namespace EdgeAutonomy.Learning;

/// <summary>How events of a sample are varied while training; every bound is drawn from uniformly, once per sample unless told otherwise.</summary>
public sealed record EventAugmentation
{
    /// <summary>Gets the augmentation that changes nothing.</summary>
    public static EventAugmentation None { get; } = new() { ShiftPixels = 0, RotationDegrees = 0, ScaleShare = 0, Shear = 0, BendPixels = 0, JitterMs = 0, TimeShiftMs = 0, DropShare = 0, NoiseEvents = 0 };

    /// <summary>Gets the largest shift along each axis, in pixels.</summary>
    public double ShiftPixels { get; init; } = 2.5;

    /// <summary>Gets the largest rotation about the centre, either way.</summary>
    public double RotationDegrees { get; init; } = 14;

    /// <summary>Gets the largest stretch or shrink, per axis, as a share.</summary>
    public double ScaleShare { get; init; } = 0.15;

    /// <summary>Gets the largest shear: pixels along x per pixel along y.</summary>
    public double Shear { get; init; } = 0.15;

    /// <summary>Gets the largest amplitude of the waves that bend rows and columns, in pixels.</summary>
    public double BendPixels { get; init; } = 1.2;

    /// <summary>Gets the largest change of an event's time, drawn per event, in milliseconds.</summary>
    public double JitterMs { get; init; } = 5;

    /// <summary>Gets the largest change of all times together, in milliseconds.</summary>
    public double TimeShiftMs { get; init; } = 5;

    /// <summary>Gets the largest share of events that are dropped.</summary>
    public double DropShare { get; init; } = 0.3;

    /// <summary>Gets the largest number of events that are added anywhere at any time.</summary>
    public int NoiseEvents { get; init; } = 40;
}
