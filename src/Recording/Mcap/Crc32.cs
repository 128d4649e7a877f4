using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Arm = System.Runtime.Intrinsics.Arm;

namespace EdgeAutonomy.Recording;

/// <summary>CRC-32 IEEE: reflected polynomial 0xEDB88320, initial and final inversion; of "123456789" it is 0xCBF43926.</summary>
/// <remarks>
/// Three ways with one result: carry-less multiplication on x86 (<see cref="Crc32Folding"/>), the CRC instruction on ARM64, and tables that take
/// 16 bytes a step. The x86 CRC instruction is of no use here: it computes CRC-32C. Thread-safe; allocates nothing.
/// </remarks>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private const int Slices = 16;

    private static readonly uint[] Tables = MakeTables();

    /// <summary>Returns the CRC of the bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>Returns the CRC of everything so far followed by the bytes; 0 is the CRC of nothing.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint state = ~crc;
        if (Arm.Crc32.Arm64.IsSupported) return ~AppendArm(state, bytes);
        if (Crc32Folding.IsSupported && bytes.Length >= Crc32Folding.Least) state = Crc32Folding.Append(state, ref bytes);
        return ~AppendTables(state, bytes);
    }

    /// <summary>Returns the register after the bytes, by tables; the twin that every other way is tested against.</summary>
    public static uint AppendTables(uint state, ReadOnlySpan<byte> bytes)
    {
        ref uint t = ref Tables[0];
        while (bytes.Length >= Slices)
        {
            uint a = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state;
            uint b = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            uint c = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
            uint d = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
            state = Four(ref t, 15, a) ^ Four(ref t, 11, b) ^ Four(ref t, 7, c) ^ Four(ref t, 3, d);
            bytes = bytes[Slices..];
        }
        foreach (byte x in bytes) state = (state >> 8) ^ Unsafe.Add(ref t, (int)((state ^ x) & 0xFF));
        return state;
    }

    // The first of four bytes has the most bytes after it, hence the highest table.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Four(ref uint t, int first, uint x) =>
        Unsafe.Add(ref t, (first << 8) + (int)(x & 0xFF)) ^ Unsafe.Add(ref t, ((first - 1) << 8) + (int)((x >> 8) & 0xFF))
        ^ Unsafe.Add(ref t, ((first - 2) << 8) + (int)((x >> 16) & 0xFF)) ^ Unsafe.Add(ref t, ((first - 3) << 8) + (int)(x >> 24));

    private static uint AppendArm(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            state = Arm.Crc32.Arm64.ComputeCrc32(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }
        foreach (byte x in bytes) state = Arm.Crc32.ComputeCrc32(state, x);
        return state;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[Slices * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint x = i;
            for (int bit = 0; bit < 8; bit++) x = (x >> 1) ^ ((x & 1) * Polynomial);
            tables[i] = x;
        }
        for (int i = 256; i < tables.Length; i++) tables[i] = (tables[i - 256] >> 8) ^ tables[tables[i - 256] & 0xFF];
        return tables;
    }
}
