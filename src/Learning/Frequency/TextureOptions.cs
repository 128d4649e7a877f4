namespace EdgeAutonomy.Learning;

/// <summary>Event textures: a grating whose orientation is the class, under another of any orientation.</summary>
public sealed record TextureOptions
{
    /// <summary>Gets the classes, orientations evenly over half a turn; at least 2.</summary>
    public int Classes { get; init; } = 8;

    /// <summary>Gets rows and columns.</summary>
    public int Side { get; init; } = 24;

    /// <summary>Gets the steps.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Gets whether the class is in the fine grating (periods of 2.8 to 3.6 pixels) and the coarse one (14 to 22 pixels) disturbs; otherwise the other way round.</summary>
    public bool Fine { get; init; } = true;

    /// <summary>Gets the amplitude of the disturbing grating; that of the class is 1.</summary>
    public double Disturbance { get; init; } = 1.5;

    /// <summary>Gets the change of brightness that makes an event.</summary>
    public double Threshold { get; init; } = 0.6;

    /// <summary>Gets the share of events that are lost.</summary>
    public double Lost { get; init; } = 0.5;

    /// <summary>Gets the noise events per pixel, polarity and step.</summary>
    public double Noise { get; init; } = 0.12;
}
