using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>The checks at the border of all encoders.</summary>
internal static class EncoderChecks
{
    /// <summary>Throws unless the sensor's size fits the format.</summary>
    public static void Size(int width, int height, int most)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, most);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, most);
    }

    /// <summary>Returns the longest step back, exclusive, that a decoder with half-range wraps reads as one: a quarter of the period, and never over a wrap.</summary>
    public static long MaxBack(long fromUs, long period) => Math.Min(period / 4, fromUs % period + 1);

    /// <summary>Returns what is wrong with an event, or null.</summary>
    /// <param name="e">The event.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="fromUs">The time the stream stands at.</param>
    /// <param name="aheadUs">The longest step ahead the format can carry, exclusive.</param>
    /// <param name="backUs">The longest step back the format can carry, exclusive.</param>
    public static string? Fault(in Event e, int width, int height, long fromUs, long aheadUs, long backUs)
    {
        if (e.X < width && e.Y < height && e.TimeUs >= 0 && e.TimeUs - fromUs < aheadUs && fromUs - e.TimeUs < backUs) return null;
        if (e.X >= width || e.Y >= height) return $"Event '{e}' lies outside the {width}x{height} sensor.";
        return e.TimeUs < 0
            ? $"Event '{e}' has a negative time; times must be >= 0 us."
            : $"Event '{e}' steps {e.TimeUs - fromUs} us from {fromUs} us; the format carries steps between -{backUs} and {aheadUs} us.";
    }
}
