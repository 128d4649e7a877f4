using System.Text;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests.Federated;

public class FederatedTests
{
    private const string Base = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly Stamp End = Stamp.FromSeconds(100);

    /// <summary>Guarantee 12: the aggregate equals the direct computation under duplicates, reorder and resume; bit for bit.</summary>
    [Theory]
    [InlineData(FederatedRule.Mean)]
    [InlineData(FederatedRule.Median)]
    [InlineData(FederatedRule.TrimmedMean)]
    public void TryApply_DuplicatesReorderAndRestarts_EqualsTheDirectComputation(FederatedRule rule)
    {
        for (ulong seed = 0; seed < 40; seed++)
        {
            var random = new RandomStream(seed);
            int robots = 2 + random.NextInt32(9), length = 1 + random.NextInt32(50);
            var options = new FederatedOptions { Rule = rule, Trim = 0.2, MaxNorm = double.PositiveInfinity };
            var changes = Enumerable.Range(0, robots).Select(_ => Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian()).ToArray()).ToArray();
            var samples = Enumerable.Range(0, robots).Select(_ => 1 + random.NextInt32(1000)).ToArray();
            var model = Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian()).ToArray();
            float[]? first = null;
            for (int order = 0; order < 4; order++)
            {
                var round = new FederatedRound(3, length, End, options);
                // Each robot uploads rubbish with an old incarnation, its update once or more, and old ones again, in any order that ends with the right one known.
                foreach (int i in Enumerable.Range(0, robots).OrderBy(_ => random.NextUInt64()))
                {
                    if (random.NextDouble() < 0.4) round.Submit(3, $"r{i}", 1, 7, new float[length]);
                    for (int copies = 1 + random.NextInt32(3); copies > 0; copies--) round.Submit(3, $"r{i}", 2, samples[i], changes[i]);
                    Assert.Equal(UpdateOutcome.Stale, round.Submit(3, $"r{i}", 1, 9, new float[length]));
                    Assert.Equal(UpdateOutcome.Stale, round.Submit(2, $"r{i}", 2, 9, new float[length]));
                }
                float[] next = [.. model];
                Assert.True(round.TryApply(next));
                for (int p = 0; p < length; p++) Assert.Equal((float)(model[p] + Direct(rule, changes.Select(c => c[p]).ToArray(), samples)), next[p]);
                first ??= next;
                Assert.Equal(first, next);
            }
        }
    }

    [Fact]
    public void TryApply_OneRobotLies_RobustRulesHoldAndTheMeanDoesNot()
    {
        double Error(FederatedRule rule)
        {
            var round = new FederatedRound(1, 1, End, new FederatedOptions { Rule = rule, Trim = 0.2, MaxNorm = double.PositiveInfinity });
            for (int i = 0; i < 9; i++) round.Submit(1, $"r{i}", 1, 10, [1 + 0.01f * (i - 4)]);
            round.Submit(1, "liar", 1, 10, [1000]);
            float[] model = [0];
            round.TryApply(model);
            return Math.Abs(model[0] - 1);
        }
        Assert.True(Error(FederatedRule.Median) < 0.05);
        Assert.True(Error(FederatedRule.TrimmedMean) < 0.05);
        Assert.True(Error(FederatedRule.Mean) > 50);
    }

    [Fact]
    public void Submit_LongUpdate_IsClippedToTheNorm()
    {
        var round = new FederatedRound(1, 2, End, new FederatedOptions { MaxNorm = 1, MinParticipants = 1 });
        Assert.Equal(UpdateOutcome.Accepted, round.Submit(1, "r1", 1, 1, [30, 40]));
        float[] model = [0, 0];
        Assert.True(round.TryApply(model));
        Assert.Equal([0.6f, 0.8f], model);
        Assert.Equal(1, round.Clipped);
    }

    [Fact]
    public void Submit_RubbishOrTooMany_IsRefused()
    {
        var round = new FederatedRound(1, 2, End, new FederatedOptions { MaxParticipants = 2 });
        Assert.Equal(UpdateOutcome.Invalid, round.Submit(1, "r1", 1, 1, [1, float.NaN]));
        Assert.Equal(UpdateOutcome.Invalid, round.Submit(1, "r1", 1, 1, [1, float.PositiveInfinity]));
        Assert.Equal(UpdateOutcome.Invalid, round.Submit(1, "r1", 1, 1, [1]));
        Assert.Equal(UpdateOutcome.Invalid, round.Submit(1, "r1", 1, 0, [1, 1]));
        Assert.Equal(UpdateOutcome.Invalid, round.Submit(1, "r/1", 1, 1, [1, 1]));
        Assert.False(round.TryApply([0, 0]));
        Assert.Equal(UpdateOutcome.Accepted, round.Submit(1, "r1", 1, 1, [1, 1]));
        Assert.False(round.CanClose(2, End));
        Assert.Equal(UpdateOutcome.Accepted, round.Submit(1, "r2", 1, 1, [1, 1]));
        Assert.Equal(UpdateOutcome.Full, round.Submit(1, "r3", 1, 1, [1, 1]));
        Assert.Equal(UpdateOutcome.Replaced, round.Submit(1, "r2", 2, 1, [1, 1]));
        Assert.True(round.CanClose(2, Stamp.Zero));
        Assert.False(round.CanClose(5, Stamp.Zero));
        Assert.True(round.CanClose(5, End));
    }

    [Fact]
    public void TryApplyLate_Lag3_WeighsHalfOfAlpha()
    {
        float[] model = [1];
        Assert.True(FederatedRound.TryApplyLate(model, [2], 3, new FederatedOptions { AsyncWeight = 0.5 }));
        Assert.Equal(1.5f, model[0]);
        Assert.False(FederatedRound.TryApplyLate(model, [float.NaN], 0, new FederatedOptions()));
        Assert.Equal(1.5f, model[0]);
    }

    [Fact]
    public void Transfer_LossDuplicationReorderCorruptionAndRestarts_ArrivesWhole()
    {
        for (ulong seed = 0; seed < 30; seed++)
        {
            var random = new RandomStream(seed);
            byte[] content = [.. Enumerable.Range(0, 30_000 + random.NextInt32(60_000)).Select(_ => (byte)random.NextUInt64())];
            var manifest = TransferManifest.Of(9, Base, content, 4096);
            Assert.True(TransferManifest.TryRead(manifest.ToBytes(), out var read, out string fault), fault);
            Assert.True(manifest.IsSame(read));
            var sender = new ChunkSender(manifest, new TokenBucket(1 << 20, 1 << 16), Duration.FromSeconds(1));
            var receiver = new ChunkReceiver(read);
            var network = new List<byte[]>();
            var now = Stamp.Zero;
            int inFlight = 0;
            for (int k = 0; !receiver.IsComplete; k++)
            {
                Assert.True(k < 5000, $"seed {seed}: not complete");
                now += Duration.FromMilliseconds(20);
                while (sender.TryTake(now, out int chunk))
                {
                    Assert.True(++inFlight < 10_000);
                    var bytes = new byte[ChunkWire.HeadBytes + manifest.LengthOf(chunk)];
                    ChunkWire.Write(1, 9, chunk, content.AsSpan(chunk * 4096, manifest.LengthOf(chunk)), bytes);
                    if (random.NextDouble() < 0.1) bytes[random.NextInt32(bytes.Length)] ^= 0x40;
                    // The broker says that it has the chunk; that the receiver gets it is another matter.
                    if (random.NextDouble() < 0.8) sender.OnAcknowledged(chunk, random.NextDouble() < 0.9);
                    for (int copies = random.NextInt32(3); copies > 0; copies--) network.Insert(random.NextInt32(network.Count + 1), bytes);
                }
                for (int n = random.NextInt32(3); n > 0 && network.Count > 0; n--)
                {
                    if (ChunkWire.TryRead(network[0], out _, out uint round, out int index, out var part)) receiver.Offer(round, index, part);
                    network.RemoveAt(0);
                }
                // A restarted sender knows nothing but the bitmap.
                if (k % 100 != 99) continue;
                sender = new ChunkSender(manifest, new TokenBucket(), Duration.FromSeconds(1));
                Assert.True(sender.OnMissing(receiver.Missing));
            }
            Assert.Equal(content, receiver.Content.ToArray());
            Assert.True(sender.OnMissing(receiver.Missing) && sender.IsDone);
        }
    }

    [Fact]
    public void TryTake_FourInFlightPausedAndPaced_Waits()
    {
        var manifest = TransferManifest.Of(1, Base, new byte[100 * 4096], 4096);
        var sender = new ChunkSender(manifest, new TokenBucket(4136 * 10, 4136 * 100), Duration.FromSeconds(60));
        sender.IsPaused = true;
        Assert.False(sender.TryTake(Stamp.Zero, out _));
        sender.IsPaused = false;
        for (int i = 0; i < 4; i++) Assert.True(sender.TryTake(Stamp.Zero, out int chunk) && chunk == i);
        Assert.False(sender.TryTake(Stamp.Zero, out _));
        sender.OnAcknowledged(2, true);
        Assert.True(sender.TryTake(Stamp.Zero, out int next) && next == 4);
        Assert.False(sender.OnMissing(new byte[3]));
    }

    [Fact]
    public void TryTake_Bucket_NeverPassesMoreThanRateAndBurst()
    {
        var bucket = new TokenBucket(1000, 500);
        long passed = 0;
        for (int ms = 0; ms <= 10_000; ms++)
        {
            while (bucket.TryTake(100, Stamp.FromSeconds(ms / 1000.0))) passed += 100;
            Assert.True(passed <= 500 + ms, $"{ms} ms: {passed}");
        }
        Assert.Equal(10_500, passed);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"v":1,"round":1,"base":"zz","size":1,"chunk":4096,"sha256":""}""")]
    [InlineData("""{"v":1,"round":1,"base":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","size":2000000000,"chunk":4096,"sha256":""}""")]
    [InlineData("""{"v":1,"round":1,"base":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","size":100,"chunk":1,"sha256":""}""")]
    [InlineData("""{"v":1,"round":1,"base":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","size":100,"chunk":4096,"sha256":"AAAA"}""")]
    public void TryRead_BrokenManifest_SaysWhy(string json)
    {
        Assert.False(TransferManifest.TryRead(Encoding.UTF8.GetBytes(json), out _, out string fault));
        Assert.StartsWith("Transfer manifest: ", fault);
    }

    [Fact]
    public void TryRead_ArbitraryChunkBytes_IsTotal()
    {
        var random = new RandomStream(8);
        var good = new byte[ChunkWire.HeadBytes + 50];
        ChunkWire.Write(1, 2, 3, new byte[50], good);
        for (int k = 0; k < 20_000; k++)
        {
            byte[] bytes = [.. good.AsSpan(0, random.NextInt32(good.Length + 1))];
            for (int i = random.NextInt32(3); i > 0 && bytes.Length > 0; i--) bytes[random.NextInt32(bytes.Length)] = (byte)random.NextUInt64();
            if (ChunkWire.TryRead(bytes, out _, out _, out int chunk, out var content)) Assert.True(chunk >= 0 && content.Length is > 0 and <= 50);
        }
        Allocations.AssertNone(() =>
        {
            ChunkWire.Write(1, 2, 3, good.AsSpan(0, 40), good);
            ChunkWire.TryRead(good, out _, out _, out _, out _);
        });
    }

    private static double Direct(FederatedRule rule, float[] values, int[] samples)
    {
        if (rule == FederatedRule.Mean)
        {
            double sum = 0;
            for (int i = 0; i < values.Length; i++) sum += (double)samples[i] * values[i];
            return sum / samples.Sum();
        }
        float[] sorted = [.. values.Order()];
        int cut = rule == FederatedRule.Median ? (values.Length - 1) / 2 : (int)(0.2 * values.Length);
        double total = 0;
        foreach (float v in sorted[cut..^cut]) total += v;
        return total / (sorted.Length - 2 * cut);
    }
}
