using System.Buffers.Binary;

namespace EdgeAutonomy.Agents;

/// <summary>Where a robot is, how it moves and how large it is: 64 bytes with its prefix.</summary>
/// <remarks>Map frame; m, rad, s. After the prefix: x, y, heading, velocity x, y, turn rate, radius as f32 (32..60), mode u8, battery u8, map u16. Later bytes are ignored. 0 bytes allocated.</remarks>
public readonly record struct Beacon
{
    /// <summary>The size in bytes, prefix included.</summary>
    public const int Size = 64;

    /// <summary>The battery of a robot that does not know it.</summary>
    public const byte UnknownBattery = 255;

    /// <summary>Gets the prefix.</summary>
    public FleetPrefix Prefix { get; init; }

    /// <summary>Gets the position east, m.</summary>
    public float X { get; init; }

    /// <summary>Gets the position north, m.</summary>
    public float Y { get; init; }

    /// <summary>Gets the heading, rad.</summary>
    public float Heading { get; init; }

    /// <summary>Gets the velocity east, m/s.</summary>
    public float VelocityX { get; init; }

    /// <summary>Gets the velocity north, m/s.</summary>
    public float VelocityY { get; init; }

    /// <summary>Gets the turn rate, rad/s.</summary>
    public float TurnRate { get; init; }

    /// <summary>Gets the radius that covers robot and load, m; 0 or more.</summary>
    public float Radius { get; init; }

    /// <summary>Gets the mode of the robot's controller.</summary>
    public byte Mode { get; init; }

    /// <summary>Gets the battery, percent; <see cref="UnknownBattery"/> = not known.</summary>
    public byte Battery { get; init; }

    /// <summary>Gets the number of the map that the position is on.</summary>
    public ushort Map { get; init; }

    /// <summary>Gets the announced period; 1 s when the sender says none.</summary>
    public Duration Period => new(((int)Prefix.Flags >> 8) is var tenths and not 0 ? tenths * 100_000_000L : 1_000_000_000L);

    /// <summary>Adds a period to flags, rounded up to tenths of a second, at most 25.5 s.</summary>
    public static FleetFlags WithPeriod(FleetFlags flags, Duration period)
        => (FleetFlags)((ushort)flags & 0xFF | (int)Math.Clamp((period.Nanoseconds + 99_999_999) / 100_000_000, 1, 255) << 8);

    /// <summary>Writes it.</summary>
    /// <param name="to">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> to)
    {
        (Prefix with { Kind = FleetKind.Beacon }).Write(to);
        BinaryPrimitives.WriteSingleLittleEndian(to[32..], X);
        BinaryPrimitives.WriteSingleLittleEndian(to[36..], Y);
        BinaryPrimitives.WriteSingleLittleEndian(to[40..], Heading);
        BinaryPrimitives.WriteSingleLittleEndian(to[44..], VelocityX);
        BinaryPrimitives.WriteSingleLittleEndian(to[48..], VelocityY);
        BinaryPrimitives.WriteSingleLittleEndian(to[52..], TurnRate);
        BinaryPrimitives.WriteSingleLittleEndian(to[56..], Radius);
        to[60] = Mode;
        to[61] = Battery;
        BinaryPrimitives.WriteUInt16LittleEndian(to[62..], Map);
    }

    /// <summary>Reads one.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <param name="beacon">What was read; default when false.</param>
    /// <returns>False when it is no beacon of this version, or a number in it is not finite, or the radius is negative.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Beacon beacon)
    {
        beacon = default;
        if (bytes.Length < Size || !FleetPrefix.TryRead(bytes, out var prefix) || prefix.Kind != FleetKind.Beacon) return false;
        var read = new Beacon
        {
            Prefix = prefix,
            X = BinaryPrimitives.ReadSingleLittleEndian(bytes[32..]),
            Y = BinaryPrimitives.ReadSingleLittleEndian(bytes[36..]),
            Heading = BinaryPrimitives.ReadSingleLittleEndian(bytes[40..]),
            VelocityX = BinaryPrimitives.ReadSingleLittleEndian(bytes[44..]),
            VelocityY = BinaryPrimitives.ReadSingleLittleEndian(bytes[48..]),
            TurnRate = BinaryPrimitives.ReadSingleLittleEndian(bytes[52..]),
            Radius = BinaryPrimitives.ReadSingleLittleEndian(bytes[56..]),
            Mode = bytes[60],
            Battery = bytes[61],
            Map = BinaryPrimitives.ReadUInt16LittleEndian(bytes[62..]),
        };
        // One NaN in here would spread through every planner that looks at this neighbour.
        if (!(float.IsFinite(read.X) && float.IsFinite(read.Y) && float.IsFinite(read.Heading) && float.IsFinite(read.VelocityX)
            && float.IsFinite(read.VelocityY) && float.IsFinite(read.TurnRate) && float.IsFinite(read.Radius)) || read.Radius < 0) return false;
        beacon = read;
        return true;
    }
}
