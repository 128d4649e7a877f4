using System.Buffers.Binary;
using System.Numerics;

namespace EdgeAutonomy.Perception;

/// <summary>The checksum of HDF5 metadata: Bob Jenkins' lookup3 over bytes, initial value 0 (2006, public domain; HDF5 format specification, appendix on checksums).</summary>
internal static class Lookup3
{
    /// <summary>Returns the checksum.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint a = 0xDEADBEEF + (uint)bytes.Length, b = a, c = a;
        for (; bytes.Length > 12; bytes = bytes[12..])
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            b += BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            Mix(ref a, ref b, ref c);
        }
        if (bytes.Length == 0) return c;
        // The last 1 to 12 bytes count as if zeros followed.
        Span<byte> tail = stackalloc byte[12];
        tail.Clear();
        bytes.CopyTo(tail);
        a += BinaryPrimitives.ReadUInt32LittleEndian(tail);
        b += BinaryPrimitives.ReadUInt32LittleEndian(tail[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(tail[8..]);
        Step(ref c, b, 14);
        Step(ref a, c, 11);
        Step(ref b, a, 25);
        Step(ref c, b, 16);
        Step(ref a, c, 4);
        Step(ref b, a, 14);
        Step(ref c, b, 24);
        return c;
    }

    private static void Mix(ref uint a, ref uint b, ref uint c)
    {
        Turn(ref a, ref c, b, 4);
        Turn(ref b, ref a, c, 6);
        Turn(ref c, ref b, a, 8);
        Turn(ref a, ref c, b, 16);
        Turn(ref b, ref a, c, 19);
        Turn(ref c, ref b, a, 4);
    }

    private static void Turn(ref uint x, ref uint from, uint add, int bits)
    {
        x = (x - from) ^ BitOperations.RotateLeft(from, bits);
        from += add;
    }

    private static void Step(ref uint x, uint from, int bits) => x = (x ^ from) - BitOperations.RotateLeft(from, bits);
}
