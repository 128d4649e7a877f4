using System.Buffers.Binary;

namespace EdgeAutonomy.Host;

/// <summary>One command to the simulated motor controller: 16 bytes, little-endian.</summary>
/// <remarks>
/// Layout: 0 'E' · 1 'M' · 2 version (1) · 3 kind · 4 sequence u32 · 8 linear f32 in m/s · 12 angular f32 in rad/s.
/// </remarks>
/// <param name="Kind">Drive, or stop at once.</param>
/// <param name="Sequence">Rises by one per datagram of a sender; wraps.</param>
/// <param name="Linear">Metres per second ahead.</param>
/// <param name="Angular">Radians per second, counter-clockwise.</param>
public readonly record struct MotorDatagram(MotorCommandKind Kind, uint Sequence, float Linear, float Angular)
{
    /// <summary>The length of a datagram in bytes.</summary>
    public const int Length = 16;

    private const byte Version = 1;

    /// <summary>Writes the datagram. Does not allocate.</summary>
    /// <param name="bytes">At least <see cref="Length"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)'E';
        bytes[1] = (byte)'M';
        bytes[2] = Version;
        bytes[3] = (byte)Kind;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Sequence);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[8..], Linear);
        BinaryPrimitives.WriteSingleLittleEndian(bytes[12..], Angular);
    }

    /// <summary>Reads a datagram; refuses wrong lengths, marks, versions and kinds, and numbers that are not finite.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out MotorDatagram datagram)
    {
        datagram = default;
        if (bytes.Length != Length || bytes[0] != 'E' || bytes[1] != 'M' || bytes[2] != Version || bytes[3] > (byte)MotorCommandKind.Safe) return false;
        float linear = BinaryPrimitives.ReadSingleLittleEndian(bytes[8..]), angular = BinaryPrimitives.ReadSingleLittleEndian(bytes[12..]);
        if (!float.IsFinite(linear) || !float.IsFinite(angular)) return false;
        datagram = new MotorDatagram((MotorCommandKind)bytes[3], BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]), linear, angular);
        return true;
    }
}
