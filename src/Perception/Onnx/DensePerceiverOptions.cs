namespace EdgeAutonomy.Perception;

/// <summary>How events become the input of a dense network.</summary>
public sealed record DensePerceiverOptions
{
    /// <summary>Gets the event camera; default <see cref="CameraGeometry.Rover"/>.</summary>
    public CameraGeometry Camera { get; init; } = CameraGeometry.Rover;

    /// <summary>Gets what the channels of the network's input hold; default <see cref="EventFrameKind.Polarity"/>.</summary>
    public EventFrameKind Frame { get; init; } = EventFrameKind.Polarity;

    /// <summary>Gets what is done to the numbers; default <see cref="EventFrameScale.None"/>.</summary>
    public EventFrameScale Scale { get; init; } = EventFrameScale.None;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentNullException">A part is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names it and the range.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Camera);
        Camera.Validate();
        OptionRange.Check(Enum.IsDefined(Frame), nameof(DensePerceiverOptions), nameof(Frame), Frame, "must be Count, Polarity or Voxel");
        OptionRange.Check(Enum.IsDefined(Scale), nameof(DensePerceiverOptions), nameof(Scale), Scale, "must be None, Peak or Deviation");
    }
}
