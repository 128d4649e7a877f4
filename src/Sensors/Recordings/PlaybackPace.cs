namespace EdgeAutonomy.Sensors;

/// <summary>How fast a recording runs past a loop.</summary>
public enum PlaybackPace : byte
{
    /// <summary>One second of the loop's clock is one second of the recording.</summary>
    Recorded = 0,

    /// <summary>One second of the loop's clock is <see cref="EventFileSensorOptions.Scale"/> seconds of the recording.</summary>
    Scaled = 1,

    /// <summary>The loop runs on a simulated clock, which is the recording's time line: as <see cref="Recorded"/>, as fast as the machine can.</summary>
    AsFastAsPossible = 2,
}
