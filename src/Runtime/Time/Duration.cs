using System.Globalization;

namespace EdgeAutonomy.Runtime;

/// <summary>A length of time in nanoseconds: a period, a budget, an age.</summary>
/// <param name="Nanoseconds">Nanoseconds; may be negative (a deadline that has passed).</param>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    /// <summary>No time at all.</summary>
    public static readonly Duration Zero = new(0);

    /// <summary>Longer than anything this runtime measures: "no limit".</summary>
    public static readonly Duration Unlimited = new(long.MaxValue / 4);

    /// <summary>Gets the length in seconds.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>Gets the length in milliseconds.</summary>
    public double Milliseconds => Nanoseconds / 1e6;

    /// <summary>Gets the length in microseconds.</summary>
    public double Microseconds => Nanoseconds / 1e3;

    /// <summary>Makes a duration from seconds, rounded to the nearest nanosecond.</summary>
    public static Duration FromSeconds(double seconds) => new((long)Math.Round(seconds * 1e9));

    /// <summary>Makes a duration from milliseconds, rounded to the nearest nanosecond.</summary>
    public static Duration FromMilliseconds(double milliseconds) => new((long)Math.Round(milliseconds * 1e6));

    /// <summary>Makes a duration from microseconds, rounded to the nearest nanosecond.</summary>
    public static Duration FromMicroseconds(double microseconds) => new((long)Math.Round(microseconds * 1e3));

    /// <inheritdoc/>
    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Returns the shorter of two durations.</summary>
    public static Duration Min(Duration a, Duration b) => a.Nanoseconds <= b.Nanoseconds ? a : b;

    /// <summary>Returns the longer of two durations.</summary>
    public static Duration Max(Duration a, Duration b) => a.Nanoseconds >= b.Nanoseconds ? a : b;

    /// <summary>Adds two durations.</summary>
    public static Duration operator +(Duration a, Duration b) => new(a.Nanoseconds + b.Nanoseconds);

    /// <summary>Subtracts a duration.</summary>
    public static Duration operator -(Duration a, Duration b) => new(a.Nanoseconds - b.Nanoseconds);

    /// <summary>Multiplies a duration by a whole number.</summary>
    public static Duration operator *(Duration a, long factor) => new(a.Nanoseconds * factor);

    /// <summary>Divides a duration by a whole number, towards zero.</summary>
    public static Duration operator /(Duration a, long divisor) => new(a.Nanoseconds / divisor);

    /// <summary>Tells whether <paramref name="a"/> is shorter than <paramref name="b"/>.</summary>
    public static bool operator <(Duration a, Duration b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Tells whether <paramref name="a"/> is longer than <paramref name="b"/>.</summary>
    public static bool operator >(Duration a, Duration b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Tells whether <paramref name="a"/> is not longer than <paramref name="b"/>.</summary>
    public static bool operator <=(Duration a, Duration b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Tells whether <paramref name="a"/> is not shorter than <paramref name="b"/>.</summary>
    public static bool operator >=(Duration a, Duration b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>Returns the length with a unit that fits, such as "2 ms" or "83.5 us".</summary>
    public override string ToString()
    {
        long size = Math.Abs(Nanoseconds);
        return size switch
        {
            >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.###} s"),
            >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds:0.###} ms"),
            >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{Microseconds:0.###} us"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds} ns"),
        };
    }
}
