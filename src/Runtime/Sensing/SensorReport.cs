namespace EdgeAutonomy.Runtime;

/// <summary>What a sensor says about its own sample.</summary>
public struct SensorReport
{
    /// <summary>Start of the sample's time of validity; <see cref="Stamp.Never"/> before the first sample.</summary>
    public Stamp ValidFrom;

    /// <summary>End of the sample's time of validity: the instant the newest datum describes. Its age is measured from here.</summary>
    public Stamp ValidTo;

    /// <summary>The sensor's answer to the sensing request.</summary>
    public SensorApplied Applied;

    /// <summary>How many items (events, ranges) the sample holds; an event-rate pacer reads it.</summary>
    public int Items;

    /// <summary>How far the stream can be trusted, in [0, 1].</summary>
    public float Trust;

    /// <summary>How full the sensor's input queue was, in [0, 1].</summary>
    public float QueueFill;

    /// <summary>Items lost before this sample since the last one.</summary>
    public uint Dropped;

    /// <summary>A report before anything was sensed: no validity, full trust.</summary>
    public static SensorReport Empty => new() { ValidFrom = Stamp.Never, ValidTo = Stamp.Never, Trust = 1f, Applied = new SensorApplied { EventThreshold = 1f } };
}
