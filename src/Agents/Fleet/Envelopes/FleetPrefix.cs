using System.Buffers.Binary;

namespace EdgeAutonomy.Agents;

/// <summary>The first 32 bytes of every binary fleet message, little endian: version u8, kind u8, flags u16, incarnation u32, sequence u64, epoch u64, time i64.</summary>
/// <param name="Kind">What follows.</param>
/// <param name="Flags">What the sender says of itself.</param>
/// <param name="Incarnation">Which start of the sender's program wrote it.</param>
/// <param name="Sequence">Its number in its topic, from 1 in every incarnation.</param>
/// <param name="Epoch">The fencing token or term it depends on; 0 = none.</param>
/// <param name="WallNs">The sender's wall clock, ns since 1970. Never compared before clock offsets are known.</param>
/// <remarks>0 bytes allocated by writing and reading. The sender's name is not in it: it is taken from the topic, which the broker guards.</remarks>
public readonly record struct FleetPrefix(FleetKind Kind, FleetFlags Flags, uint Incarnation, ulong Sequence, ulong Epoch, long WallNs)
{
    /// <summary>The version written and read.</summary>
    public const byte Version = 1;

    /// <summary>The size in bytes.</summary>
    public const int Size = 32;

    /// <summary>Writes it.</summary>
    /// <param name="to">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> to)
    {
        to[0] = Version;
        to[1] = (byte)Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], (ushort)Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(to[4..], Incarnation);
        BinaryPrimitives.WriteUInt64LittleEndian(to[8..], Sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(to[16..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(to[24..], WallNs);
    }

    /// <summary>Reads one.</summary>
    /// <param name="bytes">Any bytes; more than <see cref="Size"/> is allowed.</param>
    /// <param name="prefix">What was read; default when false.</param>
    /// <returns>False when it is too short, of another version, or numbered 0.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FleetPrefix prefix)
    {
        prefix = default;
        if (bytes.Length < Size || bytes[0] != Version) return false;
        uint inc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        ulong seq = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        if (inc == 0 || seq == 0) return false;
        prefix = new FleetPrefix(
            (FleetKind)bytes[1],
            (FleetFlags)BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            inc,
            seq,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]));
        return true;
    }
}
