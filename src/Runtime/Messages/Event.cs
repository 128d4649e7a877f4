using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime.Messages;

/// <summary>One brightness-change event of an event camera: 16 bytes, the layout that Metavision and AEDAT4 use too.</summary>
/// <remarks>Origin top left, y down. The three spare bytes are always zero, so packets can be hashed and recorded as bytes.</remarks>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public readonly struct Event : IEquatable<Event>
{
    /// <summary>Time in microseconds, unwrapped.</summary>
    public readonly long TimeUs;

    /// <summary>Column, 0 = left.</summary>
    public readonly ushort X;

    /// <summary>Row, 0 = top.</summary>
    public readonly ushort Y;

    /// <summary>1 = brighter (ON), 0 = darker (OFF).</summary>
    public readonly byte Polarity;

    private readonly byte _spare0;
    private readonly ushort _spare1;

    /// <summary>Makes an event.</summary>
    public Event(long timeUs, ushort x, ushort y, byte polarity)
    {
        TimeUs = timeUs;
        X = x;
        Y = y;
        Polarity = polarity;
    }

    /// <inheritdoc/>
    public bool Equals(Event other) => TimeUs == other.TimeUs && X == other.X && Y == other.Y && Polarity == other.Polarity;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Event other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)TimeUs ^ (X << 16 | Y << 1 | Polarity);

    /// <summary>Compares two events.</summary>
    public static bool operator ==(Event a, Event b) => a.Equals(b);

    /// <summary>Compares two events.</summary>
    public static bool operator !=(Event a, Event b) => !a.Equals(b);

    /// <summary>Returns "t x y p".</summary>
    public override string ToString() => $"{TimeUs} {X} {Y} {Polarity}";
}
