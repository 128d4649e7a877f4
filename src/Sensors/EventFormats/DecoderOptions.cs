namespace EdgeAutonomy.Sensors;

/// <summary>What a decoder has to know about the sensor.</summary>
public sealed record DecoderOptions
{
    /// <summary>Makes options for a sensor size.</summary>
    /// <param name="width">Columns, 1 … 65536.</param>
    /// <param name="height">Rows, 1 … 65536.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is outside its range.</exception>
    public DecoderOptions(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 65536);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, 65536);
        Width = width;
        Height = height;
    }

    /// <summary>Gets the sensor's columns; events at or beyond are dropped and counted.</summary>
    public int Width { get; }

    /// <summary>Gets the sensor's rows; events at or beyond are dropped and counted.</summary>
    public int Height { get; }

    /// <summary>Gets where time zero lies; default <see cref="TimeOrigin.Absolute"/>.</summary>
    public TimeOrigin TimeOrigin { get; init; }

    /// <summary>Gets whether an N-MNIST-style record with x = 0 and y = 240 means "add 2^13 µs" (files of the N-Caltech101 era); default false.</summary>
    public bool NmnistOverflowRecords { get; init; }
}
