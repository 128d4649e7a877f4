using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Recording;

/// <summary>CRC-32 by carry-less multiplication, 64 bytes a step.</summary>
/// <remarks>
/// Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009: a block is replaced by a congruent one that
/// stands later in the message. The last 16 bytes go through the tables instead of the paper's Barrett step: same result, nothing to get wrong.
/// </remarks>
internal static class Crc32Folding
{
    /// <summary>The fewest bytes that <see cref="Append"/> takes.</summary>
    public const int Least = 64;

    /// <summary>Gets whether this processor can do it.</summary>
    public static bool IsSupported => Pclmulqdq.IsSupported && BitConverter.IsLittleEndian;

    /// <summary>Takes as many whole 16 bytes as there are, and returns the register after them; the rest, under 16 bytes, stays in the span.</summary>
    public static uint Append(uint state, ref ReadOnlySpan<byte> bytes)
    {
        // x^(512+32), x^(512-32), x^(128+32), x^(128-32) mod P, reflected; table of the paper, section "CRC32".
        var by4 = Vector128.Create(0x1_5444_2bd4UL, 0x1_c6e4_1596UL);
        var by1 = Vector128.Create(0x1_7519_97d0UL, 0x0_ccaa_009eUL);

        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var a = blocks[0] ^ Vector128.CreateScalar(state).AsUInt64();
        var b = blocks[1];
        var c = blocks[2];
        var d = blocks[3];
        int i = 4;
        for (; i + 4 <= blocks.Length; i += 4)
        {
            var next = blocks.Slice(i, 4);
            a = Fold(a, by4, next[0]);
            b = Fold(b, by4, next[1]);
            c = Fold(c, by4, next[2]);
            d = Fold(d, by4, next[3]);
        }
        a = Fold(Fold(Fold(a, by1, b), by1, c), by1, d);
        for (; i < blocks.Length; i++) a = Fold(a, by1, blocks[i]);
        bytes = bytes[(blocks.Length * 16)..];
        // The state went into the first block, so the tables start from nothing.
        return Crc32.AppendTables(0, MemoryMarshal.AsBytes(new ReadOnlySpan<Vector128<ulong>>(in a)));
    }

    private static Vector128<ulong> Fold(Vector128<ulong> block, Vector128<ulong> by, Vector128<ulong> onto) =>
        Pclmulqdq.CarrylessMultiply(block, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(block, by, 0x11) ^ onto;
}
