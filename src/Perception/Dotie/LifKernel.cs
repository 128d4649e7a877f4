using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>Convolves event counts and steps the membranes of one block of 64 pixels in a row; three twins that agree bit for bit.</summary>
/// <remarks>
/// Input: the paper's 3×3 kernel (0.15 about, 0.20 in the centre; arXiv 2210.00975) times 20 is the whole number 3·box + centre, so the
/// sum is exact and its order does not matter. Membrane, in this order: R = [U &gt; 1]; U ← β·(U − R) + I; U below
/// <see cref="LifStep.Floor"/> becomes 0; spike = [U &gt; 1]. Newer snntorch computes U ← β·U + I − R, which is another network.
/// Element-wise, product and sum rounded apart: every vector width gives the same bits.
/// Unchecked references, because a block is 64 elements by construction (the rows are padded) and this is the innermost loop. The caller
/// guarantees that counts[−1 … 64] of all three rows and potentials[0 … 63] exist.
/// </remarks>
internal static class LifKernel
{
    internal const int Block = 64;

    internal static void Step(ref byte above, ref byte centre, ref byte below, ref float potential, LifStep step, out ulong events, out ulong spikes, out bool isLive)
    {
        if (Vector256.IsHardwareAccelerated) Step256(ref above, ref centre, ref below, ref potential, step, out events, out spikes, out isLive);
        else if (Vector128.IsHardwareAccelerated) Step128(ref above, ref centre, ref below, ref potential, step, out events, out spikes, out isLive);
        else StepScalar(ref above, ref centre, ref below, ref potential, step, out events, out spikes, out isLive);
    }

    internal static void StepScalar(ref byte above, ref byte centre, ref byte below, ref float potential, LifStep step, out ulong events, out ulong spikes, out bool isLive)
    {
        events = spikes = 0;
        isLive = false;
        for (int i = 0; i < Block; i++)
        {
            int box = Three(ref above, i) + Three(ref centre, i) + Three(ref below, i), count = Unsafe.Add(ref centre, i);
            ref float u = ref Unsafe.Add(ref potential, i);
            float input = (3 * box + count) * step.Current;
            float next = step.Beta * (u - (u > 1f ? 1f : 0f)) + input;
            u = next >= LifStep.Floor ? next : 0f;
            if (count != 0) events |= 1UL << i;
            if (u > 1f) spikes |= 1UL << i;
            isLive |= u != 0f;
        }
    }

    internal static void Step128(ref byte above, ref byte centre, ref byte below, ref float potential, LifStep step, out ulong events, out ulong spikes, out bool isLive)
    {
        events = spikes = 0;
        var live = Vector128<float>.Zero;
        Vector128<float> beta = Vector128.Create(step.Beta), current = Vector128.Create(step.Current);
        for (int i = 0; i < Block; i += 16)
        {
            var count = Vector128.LoadUnsafe(ref centre, (nuint)i);
            var low = Vector128<ushort>.Zero;
            var high = Vector128<ushort>.Zero;
            Accumulate(ref above, i, ref low, ref high);
            Accumulate(ref centre, i, ref low, ref high);
            Accumulate(ref below, i, ref low, ref high);
            low = low + low + low + Vector128.WidenLower(count);
            high = high + high + high + Vector128.WidenUpper(count);
            events |= (ulong)Vector128.ExtractMostSignificantBits(~Vector128.Equals(count, Vector128<byte>.Zero)) << i;
            ref float u = ref Unsafe.Add(ref potential, i);
            ulong s = Membrane(ref u, 0, Vector128.WidenLower(low), beta, current, ref live)
                | Membrane(ref u, 4, Vector128.WidenUpper(low), beta, current, ref live) << 4
                | Membrane(ref u, 8, Vector128.WidenLower(high), beta, current, ref live) << 8
                | Membrane(ref u, 12, Vector128.WidenUpper(high), beta, current, ref live) << 12;
            spikes |= s << i;
        }
        isLive = live != Vector128<float>.Zero;
    }

    internal static void Step256(ref byte above, ref byte centre, ref byte below, ref float potential, LifStep step, out ulong events, out ulong spikes, out bool isLive)
    {
        events = spikes = 0;
        var live = Vector256<float>.Zero;
        Vector256<float> beta = Vector256.Create(step.Beta), current = Vector256.Create(step.Current);
        for (int i = 0; i < Block; i += 32)
        {
            var count = Vector256.LoadUnsafe(ref centre, (nuint)i);
            var low = Vector256<ushort>.Zero;
            var high = Vector256<ushort>.Zero;
            Accumulate(ref above, i, ref low, ref high);
            Accumulate(ref centre, i, ref low, ref high);
            Accumulate(ref below, i, ref low, ref high);
            low = low + low + low + Vector256.WidenLower(count);
            high = high + high + high + Vector256.WidenUpper(count);
            events |= (ulong)Vector256.ExtractMostSignificantBits(~Vector256.Equals(count, Vector256<byte>.Zero)) << i;
            ref float u = ref Unsafe.Add(ref potential, i);
            ulong s = Membrane(ref u, 0, Vector256.WidenLower(low), beta, current, ref live)
                | Membrane(ref u, 8, Vector256.WidenUpper(low), beta, current, ref live) << 8
                | Membrane(ref u, 16, Vector256.WidenLower(high), beta, current, ref live) << 16
                | Membrane(ref u, 24, Vector256.WidenUpper(high), beta, current, ref live) << 24;
            spikes |= s << i;
        }
        isLive = live != Vector256<float>.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Three(ref byte row, int i) => Unsafe.Add(ref row, i - 1) + Unsafe.Add(ref row, i) + Unsafe.Add(ref row, i + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ref byte row, int i, ref Vector128<ushort> low, ref Vector128<ushort> high)
    {
        ref byte left = ref Unsafe.Add(ref row, i - 1);
        Vector128<byte> a = Vector128.LoadUnsafe(ref left), b = Vector128.LoadUnsafe(ref left, 1), c = Vector128.LoadUnsafe(ref left, 2);
        low += Vector128.WidenLower(a) + Vector128.WidenLower(b) + Vector128.WidenLower(c);
        high += Vector128.WidenUpper(a) + Vector128.WidenUpper(b) + Vector128.WidenUpper(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ref byte row, int i, ref Vector256<ushort> low, ref Vector256<ushort> high)
    {
        ref byte left = ref Unsafe.Add(ref row, i - 1);
        Vector256<byte> a = Vector256.LoadUnsafe(ref left), b = Vector256.LoadUnsafe(ref left, 1), c = Vector256.LoadUnsafe(ref left, 2);
        low += Vector256.WidenLower(a) + Vector256.WidenLower(b) + Vector256.WidenLower(c);
        high += Vector256.WidenUpper(a) + Vector256.WidenUpper(b) + Vector256.WidenUpper(c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Membrane(ref float potential, nuint offset, Vector128<uint> input, Vector128<float> beta, Vector128<float> current, ref Vector128<float> live)
    {
        var u = Vector128.LoadUnsafe(ref potential, offset);
        var reset = Vector128.GreaterThan(u, Vector128<float>.One) & Vector128<float>.One;
        var next = beta * (u - reset) + Vector128.ConvertToSingle(input.AsInt32()) * current;
        next &= Vector128.GreaterThanOrEqual(next, Vector128.Create(LifStep.Floor));
        next.StoreUnsafe(ref potential, offset);
        live |= next;
        return Vector128.ExtractMostSignificantBits(Vector128.GreaterThan(next, Vector128<float>.One));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Membrane(ref float potential, nuint offset, Vector256<uint> input, Vector256<float> beta, Vector256<float> current, ref Vector256<float> live)
    {
        var u = Vector256.LoadUnsafe(ref potential, offset);
        var reset = Vector256.GreaterThan(u, Vector256<float>.One) & Vector256<float>.One;
        var next = beta * (u - reset) + Vector256.ConvertToSingle(input.AsInt32()) * current;
        next &= Vector256.GreaterThanOrEqual(next, Vector256.Create(LifStep.Floor));
        next.StoreUnsafe(ref potential, offset);
        live |= next;
        return Vector256.ExtractMostSignificantBits(Vector256.GreaterThan(next, Vector256<float>.One));
    }
}
