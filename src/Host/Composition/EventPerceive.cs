namespace EdgeAutonomy.Host;

/// <summary>Keys of perception from events alone.</summary>
public sealed class EventPerceive : PerceiveSection
{
    /// <summary>Gets the sensor's columns.</summary>
    [Option("Columns of the sensor; 0 = as the event file says.", Min = 0, Max = 8192)]
    public int Width { get; init; }

    /// <summary>Gets the sensor's rows.</summary>
    [Option("Rows of the sensor; 0 = as the event file says.", Min = 0, Max = 8192)]
    public int Height { get; init; }
}
