namespace EdgeAutonomy.Perception;

/// <summary>What is remembered about one direction in the world.</summary>
/// <remarks>Eight-byte fields first, no padding: written to keyframes as it lies.</remarks>
internal struct DirectionEstimate
{
    /// <summary>Place of the camera for which the inverse range holds.</summary>
    internal double X, Y;

    /// <summary>When it was last measured, in microseconds; <see cref="long.MinValue"/> = never.</summary>
    internal long MeasuredUs;

    /// <summary>When <see cref="Mass"/> was last brought up to date, in microseconds.</summary>
    internal long FadedUs;

    /// <summary>Filtered inverse range, one over metres (or seconds at unit speed).</summary>
    internal float InverseRange;

    /// <summary>How much confidence stands behind it, in [0, 1]; fades with the filter's time constant.</summary>
    internal float Mass;

    /// <summary>Window of events to use next, in seconds.</summary>
    internal float Window;

    /// <summary>Stored events since the last search.</summary>
    internal int Fresh;

    internal static DirectionEstimate Unknown(float window) => new() { MeasuredUs = long.MinValue, FadedUs = long.MinValue, Window = window };

    /// <summary>Returns the inverse range from another place, for something standing still along the direction's axis; at most 100 (a centimetre).</summary>
    internal readonly float InverseFrom(double x, double y, float axisCos, float axisSin)
    {
        float nearer = (float)((x - X) * axisCos + (y - Y) * axisSin);
        float range = 1f - InverseRange * nearer;
        return InverseRange <= 0 ? InverseRange : range * 100f <= InverseRange ? 100f : InverseRange / range;
    }
}
