using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Learning.Tests;

public sealed class ReplayBufferTests
{
    private const double Discount = 0.9;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public void Add_RandomEpisodes_HoldsWhatTheDefinitionSays(int steps)
    {
        // A literal reference: for each step of each episode, the sum to min(t + n, end), then the state there.
        var random = new RandomStream((ulong)steps);
        var expected = new List<(float Seen, float Next, float Reward, float Discount, float Decisions, float Energy)>();
        var buffer = new ReplayBuffer(1, 1, 1, new ReplayOptions { Capacity = 1000, Steps = steps, Discount = Discount });
        for (int episode = 0; episode < 40; episode++)
        {
            int length = 1 + random.NextInt32(9);
            bool terminated = random.NextInt32(2) == 0;
            var rewards = new double[length];
            var ticks = new int[length];
            for (int t = 0; t < length; t++)
            {
                (rewards[t], ticks[t]) = (random.NextDouble(-1, 1), 1 + random.NextInt32(3));
                bool last = t == length - 1;
                buffer.Add(0, [100 * episode + t], [t], new StepResult(rewards[t], last && terminated, last && !terminated, ticks[t], 2 * rewards[t]), [100 * episode + t + 1]);
            }
            for (int t = 0; t < length; t++)
            {
                int end = Math.Min(t + steps, length), elapsed = 0;
                double sum = 0, decisions = 0;
                for (int k = t; k < end; k++)
                {
                    sum += Math.Pow(Discount, elapsed) * rewards[k];
                    decisions += Math.Pow(Discount, elapsed);
                    elapsed += ticks[k];
                }
                bool dead = end == length && terminated;
                expected.Add((100 * episode + t, 100 * episode + end, (float)sum, dead ? 0 : (float)Math.Pow(Discount, elapsed), (float)decisions, (float)(2 * sum)));
            }
        }
        Assert.Equal(expected.Count, buffer.Count);
        var batch = new ReplayBatch(5000, 1, 1);
        buffer.Sample(random, batch);
        for (int i = 0; i < batch.Size; i++)
        {
            var e = expected[batch.Indices[i]];
            Assert.Equal(e.Seen, batch.Observations[i]);
            Assert.Equal(e.Next, batch.NextObservations[i]);
            Assert.Equal(e.Seen % 100, batch.Actions[i]);
            Assert.Equal(e.Reward, batch.Rewards[i], 1e-6f); // powers against products: a few roundings of float64, one of float32
            Assert.Equal(e.Discount, batch.Discounts[i], 1e-6f);
            Assert.Equal(e.Decisions, batch.Decisions[i], 1e-6f);
            Assert.Equal(e.Energy, batch.Energies[i], 1e-6f);
            Assert.Equal(1, batch.Weights[i]);
        }
    }

    [Fact]
    public void Add_TwoStreams_DoNotMix()
    {
        var buffer = new ReplayBuffer(1, 1, 2, new ReplayOptions { Capacity = 10, Steps = 2, Discount = 1 });
        for (int t = 0; t < 3; t++)
        {
            for (int s = 0; s < 2; s++) buffer.Add(s, [10 * s + t], [0], new StepResult(s == 0 ? 1 : 100, false, false), [10 * s + t + 1]);
        }
        Assert.Equal(4, buffer.Count);
        var batch = new ReplayBatch(100, 1, 1);
        buffer.Sample(new RandomStream(1), batch);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(batch.Observations[i] + 2, batch.NextObservations[i]);
            Assert.Equal(batch.Observations[i] < 10 ? 2 : 200, batch.Rewards[i]);
        }
    }

    [Fact]
    public void Add_BeyondCapacity_ForgetsTheOldest()
    {
        var buffer = new ReplayBuffer(1, 1, 1, new ReplayOptions { Capacity = 4 });
        for (int t = 0; t < 10; t++) buffer.Add(0, [t], [0], new StepResult(0, false, false), [t + 1]);
        var batch = new ReplayBatch(200, 1, 1);
        buffer.Sample(new RandomStream(1), batch);
        Assert.Equal([6f, 7f, 8f, 9f], batch.Observations.Distinct().Order());
    }

    [Fact]
    public void Sample_Prioritised_FollowsThePriorities()
    {
        var buffer = new ReplayBuffer(1, 1, 1, new ReplayOptions { Capacity = 4, Prioritised = true, PriorityPower = 0.5, PriorityFloor = 1e-12 });
        for (int t = 0; t < 4; t++) buffer.Add(0, [t], [0], new StepResult(0, false, false), [t + 1]);
        buffer.UpdatePriorities([0, 1, 2, 3], [1, -4, 9, 16]); // roots 1, 2, 3, 4: shares 0.1 … 0.4
        var batch = new ReplayBatch(1000, 1, 1);
        buffer.Sample(new RandomStream(1), batch, correction: 0.7);
        for (int i = 0; i < 4; i++)
        {
            // One draw per thousandth of the mass: a count may be off by one at each border only.
            Assert.InRange(batch.Indices.Count(k => k == i), 100 * (i + 1) - 2, 100 * (i + 1) + 2);
            int at = Array.IndexOf(batch.Indices, i);
            Assert.Equal(Math.Pow(1.0 / (i + 1), 0.7), batch.Weights[at], 1e-6);
        }
    }

    [Fact]
    public void Sample_PrioritisedAfterUpdate_NewTransitionsHaveTheLargest()
    {
        var buffer = new ReplayBuffer(1, 1, 1, new ReplayOptions { Capacity = 8, Prioritised = true, PriorityPower = 1 });
        buffer.Add(0, [0], [0], new StepResult(0, false, false), [1]);
        buffer.UpdatePriorities([0], [50]);
        buffer.UpdatePriorities([0], [0]);
        buffer.Add(0, [1], [0], new StepResult(0, false, false), [2]);
        var batch = new ReplayBatch(500, 1, 1);
        buffer.Sample(new RandomStream(1), batch);
        Assert.All(batch.Indices, k => Assert.Equal(1, k));
    }

    [Fact]
    public void SumTree_RandomUpdates_FindsWhatALinearScanFinds()
    {
        var random = new RandomStream(3);
        foreach (int capacity in new[] { 1, 2, 7, 64, 100 })
        {
            var tree = new SumTree(capacity);
            var weights = new double[capacity];
            for (int round = 0; round < 300; round++)
            {
                int at = random.NextInt32(capacity);
                weights[at] = random.NextInt32(5); // whole numbers: sums are exact in either order
                tree.Set(at, weights[at]);
                double total = weights.Sum();
                Assert.Equal(total, tree.Total);
                if (total == 0) continue;
                double mass = random.NextDouble() * total, sum = 0;
                int expected = 0;
                while ((sum += weights[expected]) <= mass) expected++;
                Assert.Equal(expected, tree.Find(mass));
                Assert.True(tree[tree.Find(total)] > 0); // rounding may give the total itself
            }
        }
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 3)]
    public void Thaw_InTheMiddleOfAnEpisode_GoesOnBitForBit(bool prioritised, int steps)
    {
        var options = new ReplayOptions { Capacity = 50, Steps = steps, Prioritised = prioritised };
        var (a, b) = (new ReplayBuffer(2, 1, 2, options), new ReplayBuffer(2, 1, 2, options));
        Fill(a, new RandomStream(1), 40);
        var frozen = new ArrayBufferWriter<byte>();
        a.Freeze(frozen);
        b.Thaw(frozen.WrittenSpan);
        Fill(a, new RandomStream(2), 21);
        Fill(b, new RandomStream(2), 21);
        var (first, second) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
        a.Freeze(first);
        b.Freeze(second);
        Assert.True(first.WrittenSpan.SequenceEqual(second.WrittenSpan));
        for (int cut = 0; cut < frozen.WrittenCount; cut += 7) Assert.Throws<InvalidDataException>(() => b.Thaw(frozen.WrittenSpan[..cut]));
        Assert.Throws<InvalidDataException>(() => new ReplayBuffer(2, 1, 2, options with { Capacity = 51 }).Thaw(frozen.WrittenSpan));
    }

    [Fact]
    public void Add_WrongUse_IsRefused()
    {
        var buffer = new ReplayBuffer(2, 1, 1, new ReplayOptions { Capacity = 4 });
        Assert.Throws<InvalidOperationException>(() => buffer.Sample(new RandomStream(1), new ReplayBatch(1, 2, 1)));
        Assert.Throws<ArgumentException>(() => buffer.Add(0, [1], [0], default, [1, 2]));
        Assert.Throws<ArgumentException>(() => buffer.Add(0, [1, 2], [0], new StepResult(double.NaN, false, false), [1, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayBuffer(1, 1, 1, new ReplayOptions { Capacity = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayBuffer(1, 1, 1, new ReplayOptions { Steps = 65 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayBuffer(1, 1, 1, new ReplayOptions { Discount = double.NaN }));
    }

    private static void Fill(ReplayBuffer buffer, RandomStream random, int count)
    {
        var batch = new ReplayBatch(4, 2, 1);
        for (int t = 0; t < count; t++)
        {
            for (int s = 0; s < 2; s++) buffer.Add(s, [t, s], [random.NextInt32(3)], new StepResult(random.NextDouble(), random.NextInt32(9) == 0, random.NextInt32(9) == 0), [t + 1, s]);
            if (buffer.Count == 0) continue;
            buffer.Sample(random, batch);
            buffer.UpdatePriorities(batch.Indices, batch.Rewards);
        }
    }
}
