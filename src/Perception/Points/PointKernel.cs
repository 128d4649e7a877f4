using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>Runs 32 neurons of one place through all steps: first the currents, perhaps the greatest over several places, then the membranes; each has three twins that agree bit for bit.</summary>
/// <remarks>
/// Sums and membranes stay in registers. Addends come in ascending order of the input, from zero, then the bias, then the skipped spike: the order of the trainer, whose
/// fused multiply-add is exact for inputs of 0 and 1. u = (decay·v + leak) + gain·x. Arrays are padded to whole blocks by <see cref="PointLayer"/>.
/// </remarks>
internal static class PointKernel
{
    internal const int Block = 32;

    /// <summary>Computes the currents of a block.</summary>
    /// <param name="layer">The population.</param>
    /// <param name="block">Which 32 neurons.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="source">Words of the inputs, [step, word]; empty = none.</param>
    /// <param name="skip">Words of the skipped population, [step, word]; empty = none.</param>
    /// <param name="bias">Bias of this place's neurons, [padded neuron].</param>
    /// <param name="isMore">Whether to keep what is greater in <paramref name="currents"/>.</param>
    /// <param name="currents">Takes [step, 32].</param>
    internal static void Sum(PointLayer layer, int block, int steps, ReadOnlySpan<uint> source, ReadOnlySpan<uint> skip, ReadOnlySpan<float> bias, bool isMore, Span<float> currents)
    {
        if (Vector256.IsHardwareAccelerated) Sum256(layer, block, steps, source, skip, bias, isMore, currents);
        else if (Vector128.IsHardwareAccelerated) Sum128(layer, block, steps, source, skip, bias, isMore, currents);
        else SumScalar(layer, block, steps, source, skip, bias, isMore, currents);
    }

    /// <summary>Steps the membranes of a block.</summary>
    /// <param name="layer">The population.</param>
    /// <param name="block">Which 32 neurons.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="currents">What <see cref="Sum"/> gave.</param>
    /// <param name="spikes">Takes [step, word of this layer]; only the block's words are written.</param>
    internal static void Fire(PointLayer layer, int block, int steps, ReadOnlySpan<float> currents, Span<uint> spikes)
    {
        if (Vector256.IsHardwareAccelerated) Fire256(layer, block, steps, currents, spikes);
        else if (Vector128.IsHardwareAccelerated) Fire128(layer, block, steps, currents, spikes);
        else FireScalar(layer, block, steps, currents, spikes);
    }

    internal static void SumScalar(PointLayer layer, int block, int steps, ReadOnlySpan<uint> source, ReadOnlySpan<uint> skip, ReadOnlySpan<float> bias, bool isMore, Span<float> currents)
    {
        int at = block * Block, words = layer.Words, padded = words * Block, inputWords = source.Length / steps;
        Span<float> x = stackalloc float[Block];
        for (int t = 0; t < steps; t++)
        {
            x.Clear();
            for (int w = 0; w < inputWords; w++)
            {
                for (uint bits = source[t * inputWords + w]; bits != 0; bits &= bits - 1)
                {
                    var row = layer.Weights.AsSpan((w * 32 + BitOperations.TrailingZeroCount(bits)) * padded + at, Block);
                    for (int i = 0; i < Block; i++) x[i] += row[i];
                }
            }
            uint skipped = skip.IsEmpty ? 0 : skip[t * words + block];
            for (int i = 0; i < Block; i++)
            {
                float current = x[i] + bias[at + i];
                if (!skip.IsEmpty) current += (skipped >> i & 1) != 0 ? 1f : 0f;
                ref float kept = ref currents[t * Block + i];
                kept = isMore ? MathF.Max(kept, current) : current;
            }
        }
    }

    internal static void Sum128(PointLayer layer, int block, int steps, ReadOnlySpan<uint> source, ReadOnlySpan<uint> skip, ReadOnlySpan<float> bias, bool isMore, Span<float> currents)
    {
        int words = layer.Words, padded = words * Block, inputWords = source.Length / steps;
        // Two halves of 16, so that machines with 16 registers do not spill.
        for (int half = 0; half < Block; half += 16)
        {
            int at = block * Block + half;
            for (int t = 0; t < steps; t++)
            {
                Vector128<float> x0 = default, x1 = default, x2 = default, x3 = default;
                for (int w = 0; w < inputWords; w++)
                {
                    for (uint bits = source[t * inputWords + w]; bits != 0; bits &= bits - 1)
                    {
                        int row = (w * 32 + BitOperations.TrailingZeroCount(bits)) * padded + at;
                        x0 += Load128(layer.Weights, row);
                        x1 += Load128(layer.Weights, row + 4);
                        x2 += Load128(layer.Weights, row + 8);
                        x3 += Load128(layer.Weights, row + 12);
                    }
                }
                uint skipped = skip.IsEmpty ? 0 : skip[t * words + block] >> half;
                var target = currents.Slice(t * Block + half, 16);
                Keep128(x0, bias[at..], skip.IsEmpty, skipped, isMore, target);
                Keep128(x1, bias[(at + 4)..], skip.IsEmpty, skipped >> 4, isMore, target[4..]);
                Keep128(x2, bias[(at + 8)..], skip.IsEmpty, skipped >> 8, isMore, target[8..]);
                Keep128(x3, bias[(at + 12)..], skip.IsEmpty, skipped >> 12, isMore, target[12..]);
            }
        }
    }

    internal static void Sum256(PointLayer layer, int block, int steps, ReadOnlySpan<uint> source, ReadOnlySpan<uint> skip, ReadOnlySpan<float> bias, bool isMore, Span<float> currents)
    {
        int at = block * Block, words = layer.Words, padded = words * Block, inputWords = source.Length / steps;
        for (int t = 0; t < steps; t++)
        {
            Vector256<float> x0 = default, x1 = default, x2 = default, x3 = default;
            for (int w = 0; w < inputWords; w++)
            {
                for (uint bits = source[t * inputWords + w]; bits != 0; bits &= bits - 1)
                {
                    int row = (w * 32 + BitOperations.TrailingZeroCount(bits)) * padded + at;
                    x0 += Load256(layer.Weights, row);
                    x1 += Load256(layer.Weights, row + 8);
                    x2 += Load256(layer.Weights, row + 16);
                    x3 += Load256(layer.Weights, row + 24);
                }
            }
            uint skipped = skip.IsEmpty ? 0 : skip[t * words + block];
            var target = currents.Slice(t * Block, Block);
            Keep256(x0, bias[at..], skip.IsEmpty, skipped, isMore, target);
            Keep256(x1, bias[(at + 8)..], skip.IsEmpty, skipped >> 8, isMore, target[8..]);
            Keep256(x2, bias[(at + 16)..], skip.IsEmpty, skipped >> 16, isMore, target[16..]);
            Keep256(x3, bias[(at + 24)..], skip.IsEmpty, skipped >> 24, isMore, target[24..]);
        }
    }

    internal static void FireScalar(PointLayer layer, int block, int steps, ReadOnlySpan<float> currents, Span<uint> spikes)
    {
        int at = block * Block;
        for (int i = 0; i < Block; i++)
        {
            float v = layer.Reset[at + i];
            for (int t = 0; t < steps; t++)
            {
                float u = layer.Decay[at + i] * v + layer.Leak[at + i] + layer.Gain[at + i] * currents[t * Block + i];
                bool fires = u > layer.Threshold[at + i];
                v = fires ? layer.Reset[at + i] : u;
                ref uint word = ref spikes[t * layer.Words + block];
                word = (i == 0 ? 0 : word) | (fires ? 1u << i : 0);
            }
        }
    }

    internal static void Fire128(PointLayer layer, int block, int steps, ReadOnlySpan<float> currents, Span<uint> spikes)
    {
        for (int i = 0; i < Block; i += 4)
        {
            int at = block * Block + i;
            Vector128<float> decay = Load128(layer.Decay, at), leak = Load128(layer.Leak, at), gain = Load128(layer.Gain, at), threshold = Load128(layer.Threshold, at), reset = Load128(layer.Reset, at), v = reset;
            for (int t = 0; t < steps; t++)
            {
                var u = decay * v + leak + gain * Vector128.Create(currents[(t * Block + i)..]);
                var fires = Vector128.GreaterThan(u, threshold);
                v = Vector128.ConditionalSelect(fires, reset, u);
                ref uint word = ref spikes[t * layer.Words + block];
                word = (i == 0 ? 0 : word) | fires.ExtractMostSignificantBits() << i;
            }
        }
    }

    internal static void Fire256(PointLayer layer, int block, int steps, ReadOnlySpan<float> currents, Span<uint> spikes)
    {
        for (int i = 0; i < Block; i += 8)
        {
            int at = block * Block + i;
            Vector256<float> decay = Load256(layer.Decay, at), leak = Load256(layer.Leak, at), gain = Load256(layer.Gain, at), threshold = Load256(layer.Threshold, at), reset = Load256(layer.Reset, at), v = reset;
            for (int t = 0; t < steps; t++)
            {
                var u = decay * v + leak + gain * Vector256.Create(currents[(t * Block + i)..]);
                var fires = Vector256.GreaterThan(u, threshold);
                v = Vector256.ConditionalSelect(fires, reset, u);
                ref uint word = ref spikes[t * layer.Words + block];
                word = (i == 0 ? 0 : word) | fires.ExtractMostSignificantBits() << i;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep128(Vector128<float> x, ReadOnlySpan<float> bias, bool isPlain, uint skipped, bool isMore, Span<float> target)
    {
        x += Vector128.Create(bias);
        if (!isPlain)
        {
            var bit = Vector128.Create(1u, 2, 4, 8);
            x += Vector128.Equals(Vector128.Create(skipped) & bit, bit).AsSingle() & Vector128<float>.One;
        }
        if (isMore) x = Vector128.Max(Vector128.Create<float>(target), x);
        x.CopyTo(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep256(Vector256<float> x, ReadOnlySpan<float> bias, bool isPlain, uint skipped, bool isMore, Span<float> target)
    {
        x += Vector256.Create(bias);
        if (!isPlain)
        {
            var bit = Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);
            x += Vector256.Equals(Vector256.Create(skipped) & bit, bit).AsSingle() & Vector256<float>.One;
        }
        if (isMore) x = Vector256.Max(Vector256.Create<float>(target), x);
        x.CopyTo(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load128(float[] values, int at) => Vector128.Create(values.AsSpan(at, 4));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load256(float[] values, int at) => Vector256.Create(values.AsSpan(at, 8));
}
