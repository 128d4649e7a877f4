using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Learning;

/// <summary>Packs a panel of a transposed matrix: memory runs along the depth, the panel wants it across.</summary>
internal static unsafe class GemmTranspose
{
    /// <summary>Writes packed[i, q] = b[i · rowStride + q · columnStride]; columns past <paramref name="real"/> become zero.</summary>
    public static void Pack<T>(T* b, nint rowStride, nint columnStride, int depth, int real, int width, T* packed) where T : unmanaged
    {
        int i = 0;
        if (typeof(T) == typeof(float) && rowStride == 1 && Sse.IsSupported && real == width && width % 4 == 0)
        {
            // Blocks of 4 x 4: element by element this took as long as the product of two 64 x 64 matrices.
            for (; i + 4 <= depth; i += 4)
            {
                for (int q = 0; q < width; q += 4) Block((float*)(b + i + q * columnStride), columnStride, (float*)(packed + i * width + q), width);
            }
        }
        for (; i < depth; i++)
        {
            T* row = b + i * rowStride, target = packed + (nint)i * width;
            for (int q = 0; q < real; q++) target[q] = row[q * columnStride];
            if (real < width) new Span<T>(target + real, width - real).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(float* from, nint fromStride, float* to, nint toStride)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromStride), c = Vector128.Load(from + 2 * fromStride), d = Vector128.Load(from + 3 * fromStride);
        Vector128<float> ab = Sse.UnpackLow(a, b), cd = Sse.UnpackLow(c, d), ab2 = Sse.UnpackHigh(a, b), cd2 = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(to);
        Sse.MoveHighToLow(cd, ab).Store(to + toStride);
        Sse.MoveLowToHigh(ab2, cd2).Store(to + 2 * toStride);
        Sse.MoveHighToLow(cd2, ab2).Store(to + 3 * toStride);
    }
}
