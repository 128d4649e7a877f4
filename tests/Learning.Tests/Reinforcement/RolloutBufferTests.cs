using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public sealed class RolloutBufferTests
{
    private const int Steps = 24, Copies = 3;

    [Theory]
    [InlineData(0.99, 0.95)]
    [InlineData(0.9, 1.0)]
    [InlineData(0.8, 0.0)]
    public void ComputeAdvantages_RandomEpisodes_EqualsTheSumOfDiscountedErrors(double discount, double lambda)
    {
        // The reference sums Σ_l (Π γ^n λ)·δ_{t+l} forwards up to the end of the episode, which is the definition and not the recursion.
        var (buffer, results, values, finals, last) = Filled(5);
        buffer.ComputeAdvantages(last, discount, lambda);
        for (int i = 0; i < Copies; i++)
        {
            for (int t = 0; t < Steps; t++)
            {
                double sum = 0, weight = 1;
                for (int k = t; k < Steps; k++)
                {
                    var r = results[k * Copies + i];
                    double factor = Math.Pow(discount, r.Ticks);
                    double next = r.Terminated ? 0 : r.Truncated ? finals[k * Copies + i] : k == Steps - 1 ? last[i] : values[(k + 1) * Copies + i];
                    sum += weight * ((float)r.Reward + factor * next - values[k * Copies + i]);
                    if (r.Done) break;
                    weight *= factor * lambda;
                }
                Assert.Equal(sum, buffer.Advantages[t * Copies + i], 1e-5); // one rounding to float32 of numbers below 20
                Assert.Equal(sum + values[t * Copies + i], buffer.Returns[t * Copies + i], 1e-5);
            }
        }
    }

    [Fact]
    public void ComputeAdvantages_Truncated_BootstrapsAndTerminatedDoesNot()
    {
        foreach (bool terminated in new[] { false, true })
        {
            var buffer = new RolloutBuffer(1, 1, 1, 1);
            buffer.Add([0], [0], [0], [2], [new StepResult(1, terminated, true)], [10]);
            buffer.ComputeAdvantages([1000], 0.5, 0.95);
            Assert.Equal(terminated ? -1 : 1 + 0.5f * 10 - 2, buffer.Advantages[0]);
        }
    }

    [Fact]
    public void Thaw_Frozen_HoldsTheSame()
    {
        var (a, _, _, _, last) = Filled(8);
        var frozen = new ArrayBufferWriter<byte>();
        a.Freeze(frozen);
        var b = new RolloutBuffer(Steps, Copies, 2, 1);
        b.Thaw(frozen.WrittenSpan);
        a.ComputeAdvantages(last, 0.99, 0.95);
        b.ComputeAdvantages(last, 0.99, 0.95);
        Assert.Equal(a.Advantages.ToArray(), b.Advantages.ToArray());
        Assert.Equal(a.Observations.ToArray(), b.Observations.ToArray());
        Assert.Throws<InvalidDataException>(() => new RolloutBuffer(Steps, Copies + 1, 2, 1).Thaw(frozen.WrittenSpan));
    }

    [Fact]
    public void Add_Full_IsRefusedUntilCleared()
    {
        var (buffer, _, _, _, _) = Filled(1);
        Assert.True(buffer.IsFull);
        Assert.Throws<InvalidOperationException>(() => buffer.Add(new float[2 * Copies], new float[Copies], new float[Copies], new float[Copies], new StepResult[Copies], new float[Copies]));
        buffer.Clear();
        Assert.Throws<ArgumentException>(() => buffer.Add(new float[1], new float[Copies], new float[Copies], new float[Copies], new StepResult[Copies], new float[Copies]));
        Assert.Equal(0, buffer.Count);
    }

    private static (RolloutBuffer Buffer, StepResult[] Results, float[] Values, float[] Finals, float[] Last) Filled(ulong seed)
    {
        var random = new RandomStream(seed);
        float Draw() => (float)random.NextDouble(-2, 2);
        var buffer = new RolloutBuffer(Steps, Copies, 2, 1);
        var results = new StepResult[Steps * Copies];
        float[] values = new float[Steps * Copies], finals = new float[Steps * Copies], last = [Draw(), Draw(), Draw()];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = new StepResult(Draw(), random.NextInt32(6) == 0, random.NextInt32(6) == 0, 1 + random.NextInt32(3));
            (values[i], finals[i]) = (Draw(), Draw());
        }
        for (int t = 0; t < Steps; t++)
        {
            var at = new Range(t * Copies, (t + 1) * Copies);
            buffer.Add([t, 1, t, 2, t, 3], [1, 2, 3], [4, 5, 6], values.AsSpan(at), results.AsSpan(at), finals.AsSpan(at));
        }
        return (buffer, results, values, finals, last);
    }
}
