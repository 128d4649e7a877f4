using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>Runs 32 neurons of one place through all steps: sums the rows of the inputs that fire, adds bias and skipped spikes, steps the membranes; three twins that agree bit for bit.</summary>
/// <remarks>
/// Membranes and sums stay in registers; what is written is one word of spikes per step. Addends come in ascending order of the input, from zero, then the bias,
/// then the skipped spike: the order of the trainer, whose fused multiply-add is exact for inputs of 0 and 1. u = (decay·v + leak) + gain·x.
/// Unchecked references in the innermost loop: arrays are padded to whole blocks by <see cref="PointLayer"/>, and words hold no bit beyond the inputs.
/// </remarks>
internal static class PointKernel
{
    internal const int Block = 32;

    /// <summary>Runs a block.</summary>
    /// <param name="layer">The population.</param>
    /// <param name="block">Which 32 neurons.</param>
    /// <param name="steps">Steps.</param>
    /// <param name="source">Words of the inputs, [step, word]; empty = none.</param>
    /// <param name="skip">Words of the skipped population, [step, word]; empty = none.</param>
    /// <param name="bias">Bias of this place's neurons, [padded neuron].</param>
    /// <param name="spikes">Takes [step, word of this layer]; only the block's words are written.</param>
    internal static void Run(PointLayer layer, int block, int steps, ReadOnlySpan<uint> source, ReadOnlySpan<uint> skip, ReadOnlySpan<float> bias, Span<uint> spikes)
    {
        if (Vector256.IsHardwareAccelerated) Run256(layer, block, steps, source, skip, bias, spikes);
        else if (Vector128.IsHardwareAccelerated) Run128(layer, block, steps, source, skip, bias, spikes);
        else RunScalar(layer, block, steps, source, skip, bias, spikes);
    }

    internal static void RunScalar(PointLayer layer, int block, int steps, ReadOnlySpan<uint> source, ReadOnlySpan<uint> skip, ReadOnlySpan<float> bias, Span<uint> spikes)
    {
        int at = block * Block, words = layer.Words, padded = words * Block, inputWords = source.Length / steps;
        Span<float> v = stackalloc float[Block], x = stackalloc float[Block];
        layer.Reset.AsSpan(at, Block).CopyTo(v);
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
            uint skipped = skip.IsEmpty ? 0 : skip[t * words + block], fired = 0;
            for (int i = 0; i < Block; i++)
            {
                float current = x[i] + bias[at + i];
                if (!skip.IsEmpty) current += (skipped >> i & 1) != 0 ? 1f : 0f;
                float u = layer.Decay[at + i] * v[i] + layer.Leak[at + i] + layer.Gain[at + i] * current;
                bool fires = u > layer.Threshold[at + i];
                v[i] = fires ? layer.Reset[at + i] : u;
                if (fires) fired |= 1u << i;
            }
            spikes[t * words + block] = fired;
        }
    }

    internal static void Run128(PointLayer layer, int block, int steps, ReadOnlySpan<uint> source, ReadOnlySpan<uint> skip, ReadOnlySpan<float> bias, Span<uint> spikes)
    {
        // Two halves of 16: eight registers for sums and membranes, so that machines with 16 registers do not spill.
        for (int half = 0; half < 2; half++)
        {
            int at = block * Block + half * 16, words = layer.Words, padded = words * Block, inputWords = source.Length / steps;
            Vector128<float> v0 = Load128(layer.Reset, at), v1 = Load128(layer.Reset, at + 4), v2 = Load128(layer.Reset, at + 8), v3 = Load128(layer.Reset, at + 12);
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
                uint skipped = skip.IsEmpty ? 0 : skip[t * words + block] >> (half * 16);
                bool skips = !skip.IsEmpty;
                uint fired = Fire128(layer, bias, at, x0, skips, skipped, ref v0) | Fire128(layer, bias, at + 4, x1, skips, skipped >> 4, ref v1) << 4
                    | Fire128(layer, bias, at + 8, x2, skips, skipped >> 8, ref v2) << 8 | Fire128(layer, bias, at + 12, x3, skips, skipped >> 12, ref v3) << 12;
                ref uint word = ref spikes[t * words + block];
                word = half == 0 ? fired : word | fired << 16;
            }
        }
    }

    internal static void Run256(PointLayer layer, int block, int steps, ReadOnlySpan<uint> source, ReadOnlySpan<uint> skip, ReadOnlySpan<float> bias, Span<uint> spikes)
    {
        int at = block * Block, words = layer.Words, padded = words * Block, inputWords = source.Length / steps;
        Vector256<float> v0 = Load256(layer.Reset, at), v1 = Load256(layer.Reset, at + 8), v2 = Load256(layer.Reset, at + 16), v3 = Load256(layer.Reset, at + 24);
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
            bool skips = !skip.IsEmpty;
            spikes[t * words + block] = Fire256(layer, bias, at, x0, skips, skipped, ref v0) | Fire256(layer, bias, at + 8, x1, skips, skipped >> 8, ref v1) << 8
                | Fire256(layer, bias, at + 16, x2, skips, skipped >> 16, ref v2) << 16 | Fire256(layer, bias, at + 24, x3, skips, skipped >> 24, ref v3) << 24;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fire128(PointLayer layer, ReadOnlySpan<float> bias, int at, Vector128<float> x, bool skips, uint skipped, ref Vector128<float> v)
    {
        x += Vector128.LoadUnsafe(in bias[at]);
        if (skips)
        {
            var bit = Vector128.Create(1u, 2, 4, 8);
            x += (Vector128.Equals(Vector128.Create(skipped) & bit, bit).AsSingle() & Vector128<float>.One);
        }
        var u = Load128(layer.Decay, at) * v + Load128(layer.Leak, at) + Load128(layer.Gain, at) * x;
        var fires = Vector128.GreaterThan(u, Load128(layer.Threshold, at));
        v = Vector128.ConditionalSelect(fires, Load128(layer.Reset, at), u);
        return fires.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Fire256(PointLayer layer, ReadOnlySpan<float> bias, int at, Vector256<float> x, bool skips, uint skipped, ref Vector256<float> v)
    {
        x += Vector256.LoadUnsafe(in bias[at]);
        if (skips)
        {
            var bit = Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);
            x += (Vector256.Equals(Vector256.Create(skipped) & bit, bit).AsSingle() & Vector256<float>.One);
        }
        var u = Load256(layer.Decay, at) * v + Load256(layer.Leak, at) + Load256(layer.Gain, at) * x;
        var fires = Vector256.GreaterThan(u, Load256(layer.Threshold, at));
        v = Vector256.ConditionalSelect(fires, Load256(layer.Reset, at), u);
        return fires.ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Load128(float[] values, int at) => Vector128.LoadUnsafe(in values[at]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load256(float[] values, int at) => Vector256.LoadUnsafe(in values[at]);
}
