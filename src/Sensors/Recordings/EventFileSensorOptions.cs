namespace EdgeAutonomy.Sensors;

/// <summary>How a recording is played to a loop.</summary>
public sealed record EventFileSensorOptions
{
    /// <summary>Gets the stage's name; default "events".</summary>
    public string Name { get; init; } = "events";

    /// <summary>Gets how fast the recording runs; default <see cref="PlaybackPace.Recorded"/>.</summary>
    public PlaybackPace Pace { get; init; }

    /// <summary>Gets seconds of the recording per second of the loop's clock, finite and positive; read only with <see cref="PlaybackPace.Scaled"/>. Default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Gets whether the recording's first event is put at the loop's first cycle (default). False: the loop's clock is the
    /// recording's time line as it stands, so the pace must not be Scaled.</summary>
    public bool AlignStart { get; init; } = true;

    /// <summary>Gets what the caller knows about the file.</summary>
    public EventFileOptions File { get; init; } = EventFileOptions.None;
}
