using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeAutonomy.Perception;

/// <summary>Adds the weights of synapses whose delayed bit is set. Every width gives the same bits: a lane takes its addends in ascending order of the inputs.</summary>
/// <remarks>The bit of delay d is shifted into the sign: word &lt;&lt; (31 − d) for the low 32 delays, or-ed with high &lt;&lt; (63 − d) for the rest; a shift by 32 or more
/// (negative counts are huge when unsigned) gives 0 on every machine used here.</remarks>
internal static unsafe class HistoryKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void AddScalar(float* accumulators, float* rows, byte* delays, ulong* history, int* live, int count, int width, bool isLong)
    {
        for (int k = 0; k < count; k++)
        {
            nint i = live[k];
            ulong word = history[i];
            float* row = rows + i * width;
            byte* delay = delays + i * width;
            for (int o = 0; o < width; o++)
            {
                if ((word >> delay[o] & 1) != 0) accumulators[o] += row[o];
            }
        }
    }

    internal static void Add128(float* accumulators, float* rows, byte* delays, ulong* history, int* live, int count, int width, bool isLong)
    {
        if (!Avx2.IsSupported && !AdvSimd.IsSupported) AddScalar(accumulators, rows, delays, history, live, count, width, isLong);
        else if (isLong) Add128<Yes>(accumulators, rows, delays, history, live, count, width);
        else Add128<No>(accumulators, rows, delays, history, live, count, width);
    }

    internal static void Add256(float* accumulators, float* rows, byte* delays, ulong* history, int* live, int count, int width, bool isLong)
    {
        if (!Avx2.IsSupported) AddScalar(accumulators, rows, delays, history, live, count, width, isLong);
        else if (isLong) Add256<Yes>(accumulators, rows, delays, history, live, count, width);
        else Add256<No>(accumulators, rows, delays, history, live, count, width);
    }

    internal static void Add512(float* accumulators, float* rows, byte* delays, ulong* history, int* live, int count, int width, bool isLong)
    {
        if (!Avx512F.IsSupported) AddScalar(accumulators, rows, delays, history, live, count, width, isLong);
        else if (isLong) Add512<Yes>(accumulators, rows, delays, history, live, count, width);
        else Add512<No>(accumulators, rows, delays, history, live, count, width);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add128<L>(float* accumulators, float* rows, byte* delays, ulong* history, int* live, int count, int width)
        where L : IFlag
    {
        for (int o = 0; o < width; o += 4)
        {
            var a = Vector128.Load(accumulators + o);
            for (int k = 0; k < count; k++)
            {
                nint i = live[k];
                var d = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)(delays + i * width + o)).AsByte()));
                var sign = Left(Vector128.Create((uint)history[i]), Vector128.Create(31u) - d);
                if (L.IsSet) sign |= Left(Vector128.Create((uint)(history[i] >> 32)), Vector128.Create(63u) - d);
                var mask = Vector128.LessThan(sign.AsInt32(), Vector128<int>.Zero).AsSingle();
                a += mask & Vector128.Load(rows + i * width + o);
            }
            a.Store(accumulators + o);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Left(Vector128<uint> value, Vector128<uint> by)
    {
        if (Avx2.IsSupported) return Avx2.ShiftLeftLogicalVariable(value, by);
        // A negative count shifts right on ARM; only the low byte of it counts, so 32 and more must stay 32 and more: −1 … −63 would not.
        var count = Vector128.ConditionalSelect(Vector128.GreaterThan(by, Vector128.Create(31u)), Vector128.Create(32u), by);
        return AdvSimd.ShiftLogical(value, count.AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add256<L>(float* accumulators, float* rows, byte* delays, ulong* history, int* live, int count, int width)
        where L : IFlag
    {
        for (int o = 0; o < width; o += 16)
        {
            Vector256<float> a = Vector256.Load(accumulators + o), b = Vector256.Load(accumulators + o + 8);
            for (int k = 0; k < count; k++)
            {
                nint i = live[k], at = i * width + o;
                a += Picked256<L>(history[i], rows + at, delays + at);
                b += Picked256<L>(history[i], rows + at + 8, delays + at + 8);
            }
            a.Store(accumulators + o);
            b.Store(accumulators + o + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Picked256<L>(ulong word, float* row, byte* delay)
        where L : IFlag
    {
        var d = Avx2.ConvertToVector256Int32(delay).AsUInt32();
        var sign = Avx2.ShiftLeftLogicalVariable(Vector256.Create((uint)word), Vector256.Create(31u) - d);
        if (L.IsSet) sign |= Avx2.ShiftLeftLogicalVariable(Vector256.Create((uint)(word >> 32)), Vector256.Create(63u) - d);
        return Vector256.ShiftRightArithmetic(sign.AsInt32(), 31).AsSingle() & Vector256.Load(row);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add512<L>(float* accumulators, float* rows, byte* delays, ulong* history, int* live, int count, int width)
        where L : IFlag
    {
        int o = 0;
        for (; o + 64 <= width; o += 64)
        {
            float* to = accumulators + o;
            Vector512<float> a = Vector512.Load(to), b = Vector512.Load(to + 16), c = Vector512.Load(to + 32), d = Vector512.Load(to + 48);
            for (int k = 0; k < count; k++)
            {
                nint i = live[k], at = i * width + o;
                a += Picked512<L>(history[i], rows + at, delays + at);
                b += Picked512<L>(history[i], rows + at + 16, delays + at + 16);
                c += Picked512<L>(history[i], rows + at + 32, delays + at + 32);
                d += Picked512<L>(history[i], rows + at + 48, delays + at + 48);
            }
            a.Store(to);
            b.Store(to + 16);
            c.Store(to + 32);
            d.Store(to + 48);
        }
        for (; o < width; o += 16)
        {
            var a = Vector512.Load(accumulators + o);
            for (int k = 0; k < count; k++)
            {
                nint i = live[k], at = i * width + o;
                a += Picked512<L>(history[i], rows + at, delays + at);
            }
            a.Store(accumulators + o);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Picked512<L>(ulong word, float* row, byte* delay)
        where L : IFlag
    {
        var d = Avx512F.ConvertToVector512UInt32(Vector128.Load(delay));
        var sign = Avx512F.ShiftLeftLogicalVariable(Vector512.Create((uint)word), Vector512.Create(31u) - d);
        if (L.IsSet) sign |= Avx512F.ShiftLeftLogicalVariable(Vector512.Create((uint)(word >> 32)), Vector512.Create(63u) - d);
        return Vector512.ShiftRightArithmetic(sign.AsInt32(), 31).AsSingle() & Vector512.Load(row);
    }
}
