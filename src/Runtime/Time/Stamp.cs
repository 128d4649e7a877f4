using System.Globalization;

namespace EdgeAutonomy.Runtime;

/// <summary>An instant in nanoseconds on the timeline of one clock.</summary>
/// <param name="Nanoseconds">Nanoseconds since the clock's origin (boot for the real clock, 0 for the simulated one).</param>
/// <remarks>Integers only: deadlines are sums of periods, so a loop never drifts. Overflow after 292 years is not checked.</remarks>
public readonly record struct Stamp(long Nanoseconds) : IComparable<Stamp>
{
    /// <summary>The clock's origin.</summary>
    public static readonly Stamp Zero = new(0);

    /// <summary>A stamp before every other one: "never".</summary>
    public static readonly Stamp Never = new(long.MinValue / 2);

    /// <summary>Gets the instant in whole microseconds, rounded towards the past.</summary>
    public long Microseconds => (Nanoseconds - (Nanoseconds < 0 ? 999 : 0)) / 1000;

    /// <summary>Gets the instant in seconds.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>Makes a stamp from microseconds.</summary>
    public static Stamp FromMicroseconds(long microseconds) => new(microseconds * 1000);

    /// <summary>Makes a stamp from seconds, rounded to the nearest nanosecond.</summary>
    public static Stamp FromSeconds(double seconds) => new((long)Math.Round(seconds * 1e9));

    /// <inheritdoc/>
    public int CompareTo(Stamp other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Returns the later of two stamps.</summary>
    public static Stamp Max(Stamp a, Stamp b) => a.Nanoseconds >= b.Nanoseconds ? a : b;

    /// <summary>Adds a duration.</summary>
    public static Stamp operator +(Stamp a, Duration d) => new(a.Nanoseconds + d.Nanoseconds);

    /// <summary>Subtracts a duration.</summary>
    public static Stamp operator -(Stamp a, Duration d) => new(a.Nanoseconds - d.Nanoseconds);

    /// <summary>Gives the duration from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static Duration operator -(Stamp a, Stamp b) => new(a.Nanoseconds - b.Nanoseconds);

    /// <summary>Tells whether <paramref name="a"/> is before <paramref name="b"/>.</summary>
    public static bool operator <(Stamp a, Stamp b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>Tells whether <paramref name="a"/> is after <paramref name="b"/>.</summary>
    public static bool operator >(Stamp a, Stamp b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>Tells whether <paramref name="a"/> is not after <paramref name="b"/>.</summary>
    public static bool operator <=(Stamp a, Stamp b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>Tells whether <paramref name="a"/> is not before <paramref name="b"/>.</summary>
    public static bool operator >=(Stamp a, Stamp b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>Returns the instant in seconds with microsecond digits, such as "12.004500 s".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:F6} s");
}
