using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>Convolution of spikes with weights of eight bits: each spike adds one run of them to each output row it reaches, in whole numbers of 16 bits.</summary>
/// <remarks>
/// As <see cref="BandedKernel{W, V, S}"/>, with half the vectors. Exact as long as no sum can leave 16 bits, which whoever calls this has made sure of; then neither
/// order nor width can change the result. The first block of every run that was added to is marked, so that only those are turned into floats afterwards.
/// </remarks>
internal static unsafe class Int8BandedKernel
{
    /// <summary>The sums that one mark stands for.</summary>
    internal const int Block = 16;

    /// <summary>sums[run of i] += (value of i ·) its weights, for all i of the list.</summary>
    /// <param name="arguments">The tables, with weights of one byte.</param>
    /// <param name="sums">The sums, at the places of the outputs.</param>
    /// <param name="marks">One byte for each <see cref="Block"/> sums.</param>
    /// <param name="list">The active inputs, ascending.</param>
    /// <param name="count">How many.</param>
    /// <param name="values">The value of each input; null = 1 each.</param>
    /// <param name="simd">The widest vectors to use.</param>
    /// <returns>How many output pixels the inputs reached.</returns>
    internal static long Add(BandedArguments* arguments, short* sums, byte* marks, int* list, int count, float* values, SimdLevel simd) => simd switch
    {
        SimdLevel.V512 => values == null ? Scatter<Wide, No>(arguments, sums, marks, list, count, values) : Scatter<Wide, Yes>(arguments, sums, marks, list, count, values),
        SimdLevel.V256 => values == null ? Scatter<Middle, No>(arguments, sums, marks, list, count, values) : Scatter<Middle, Yes>(arguments, sums, marks, list, count, values),
        SimdLevel.V128 => values == null ? Scatter<Narrow, No>(arguments, sums, marks, list, count, values) : Scatter<Narrow, Yes>(arguments, sums, marks, list, count, values),
        _ => values == null ? Scatter<One, No>(arguments, sums, marks, list, count, values) : Scatter<One, Yes>(arguments, sums, marks, list, count, values),
    };

    /// <summary>accumulators[o] += scales[o mod period] · sums[o] in all marked runs; sums and marks become 0.</summary>
    /// <remarks>Runs of neighbouring spikes overlap. What they share is 0 when its turn comes again, and adding 0 is cheaper than asking.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Settle(float* accumulators, short* sums, byte* marks, int blocks, int run, float* scales, int period, SimdLevel simd)
    {
        for (int first = 0; first < blocks; first += 64)
        {
            ulong marked = ~Vector512.Equals(Vector512.Load(marks + first), Vector512<byte>.Zero).ExtractMostSignificantBits();
            if (marked == 0) continue;
            Vector512<byte>.Zero.Store(marks + first);
            for (; marked != 0; marked &= marked - 1)
            {
                // A run begins with a pixel, so the scales begin with it too.
                nint o = (nint)(first + BitOperations.TrailingZeroCount(marked)) * Block, end = o + run;
                while (o < end)
                {
                    for (int k = 0; k < period; k += Block, o += Block) Settle16(accumulators + o, sums + o, scales + k, simd);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Settle16(float* to, short* sums, float* scales, SimdLevel simd)
    {
        if (simd == SimdLevel.Scalar)
        {
            for (int i = 0; i < Block; i++)
            {
                to[i] += scales[i] * sums[i];
                sums[i] = 0;
            }
            return;
        }
        if (simd == SimdLevel.V512)
        {
            var all = Vector512.WidenLower(Vector256.Load(sums).ToVector512Unsafe());
            (Vector512.Load(to) + Vector512.Load(scales) * Vector512.ConvertToSingle(all)).Store(to);
            Vector256<short>.Zero.Store(sums);
            return;
        }
        var (low, high) = Vector256.Widen(Vector256.Load(sums));
        (Vector256.Load(to) + Vector256.Load(scales) * Vector256.ConvertToSingle(low)).Store(to);
        (Vector256.Load(to + 8) + Vector256.Load(scales + 8) * Vector256.ConvertToSingle(high)).Store(to + 8);
        Vector256<short>.Zero.Store(sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Scatter<L, S>(BandedArguments* arguments, short* sums, byte* marks, int* list, int count, float* values)
        where L : ILanes
        where S : IFlag
    {
        BandedArguments g = *arguments;
        int row = 0, rowBegin = 0, rowEnd = g.RowPlaces, run = g.RunLength;
        Tap* first = g.TapsY + g.StartY[0], last = g.TapsY + g.StartY[1];
        long taps = 0;
        for (int k = 0; k < count; k++)
        {
            int i = list[k];
            while (i >= rowEnd)
            {
                row++;
                rowBegin = rowEnd;
                rowEnd += g.RowPlaces;
                first = g.TapsY + g.StartY[row];
                last = g.TapsY + g.StartY[row + 1];
            }
            Band* band = g.Bands + (i - rowBegin);
            sbyte* from = (sbyte*)g.Weights + band->Weights;
            short value = S.IsSet ? (short)values[i] : (short)1;
            for (Tap* y = first; y < last; y++)
            {
                int at = band->Output + y->Output;
                marks[at / Block] = 1;
                L.Add<S>(sums + at, from + y->Weights, run, value);
            }
            taps += band->Taps * (int)(last - first);
        }
        return taps;
    }

    // How wide the additions are; a run is a multiple of 16.
    private interface ILanes
    {
        static abstract void Add<S>(short* sums, sbyte* weights, int run, short value)
            where S : IFlag;
    }

    private readonly struct Wide : ILanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add<S>(short* sums, sbyte* weights, int run, short value)
            where S : IFlag
        {
            int o = 0;
            for (; o + 32 <= run; o += 32)
            {
                var w = Vector512.WidenLower(Vector256.Load(weights + o).ToVector512Unsafe());
                (Vector512.Load(sums + o) + (S.IsSet ? w * value : w)).Store(sums + o);
            }
            if (o < run) Middle.Add<S>(sums + o, weights + o, run - o, value);
        }
    }

    private readonly struct Middle : ILanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add<S>(short* sums, sbyte* weights, int run, short value)
            where S : IFlag
        {
            for (int o = 0; o < run; o += 16)
            {
                var w = Vector256.WidenLower(Vector128.Load(weights + o).ToVector256Unsafe());
                (Vector256.Load(sums + o) + (S.IsSet ? w * value : w)).Store(sums + o);
            }
        }
    }

    private readonly struct Narrow : ILanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add<S>(short* sums, sbyte* weights, int run, short value)
            where S : IFlag
        {
            for (int o = 0; o < run; o += 16)
            {
                var (low, high) = Vector128.Widen(Vector128.Load(weights + o));
                (Vector128.Load(sums + o) + (S.IsSet ? low * value : low)).Store(sums + o);
                (Vector128.Load(sums + o + 8) + (S.IsSet ? high * value : high)).Store(sums + o + 8);
            }
        }
    }

    private readonly struct One : ILanes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Add<S>(short* sums, sbyte* weights, int run, short value)
            where S : IFlag
        {
            for (int o = 0; o < run; o++) sums[o] += (short)(S.IsSet ? value * weights[o] : weights[o]);
        }
    }
}
