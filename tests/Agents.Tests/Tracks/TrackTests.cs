using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.Tracks;

public class TrackTests(ITestOutputHelper output)
{
    /// <summary>The same information twice via two peers: the fused estimate must not believe itself surer than it is. NEES over runs, mean at most 4 · 1.1.</summary>
    [Fact]
    public void TryFuse_SameInformationTwiceViaTwoPeers_StaysConsistentWhereNaiveFusionDoesNot()
    {
        const int Runs = 4000;
        var random = new RandomStream(11);
        double intersection = 0, naive = 0;
        for (int k = 0; k < Runs; k++)
        {
            var a = Sample(random, SymmetricMatrix4.Diagonal(0.04, 0.09, 0.25, 0.36));
            var b = Sample(random, SymmetricMatrix4.Diagonal(0.09, 0.02, 0.5, 0.2));
            // B hears A; C hears A and B; C hears them again after B heard C.
            intersection += Nees(Gossip(a, b, Intersect));
            naive += Nees(Gossip(a, b, Add));
        }
        output.WriteLine($"mean NEES over {Runs} runs (4 = honest): intersection {intersection / Runs:F3}, naive {naive / Runs:F3}");
        Assert.True(intersection / Runs <= 4 * 1.1, $"{intersection / Runs}");
        Assert.True(naive / Runs > 4 * 1.5, $"{naive / Runs}");
    }

    [Fact]
    public void Merge_ThreeRobotsThatGossipAMovingObject_StaysConsistent()
    {
        // The whole chain with Kalman filters, prediction and the table; robots hear each other's fused tracks for two seconds.
        const int Runs = 400;
        var random = new RandomStream(12);
        double nees = 0, error = 0, single = 0;
        for (int run = 0; run < Runs; run++)
        {
            var truth = (P: new Vector2D(0, 0), V: new Vector2D(random.NextGaussian(), random.NextGaussian()));
            var tables = Enumerable.Range(0, 3).Select(_ => new TrackTable(new TrackOptions { Gate = 1e9 })).ToArray();
            var filters = new TrackEstimate[3];
            for (int i = 0; i < 3; i++) filters[i] = new TrackEstimate(truth.P + new Vector2D(random.NextGaussian(), random.NextGaussian()), truth.V + new Vector2D(random.NextGaussian(), random.NextGaussian()), SymmetricMatrix4.Diagonal(1, 1, 1, 1));
            const double Dt = 0.2;
            for (int k = 1; k <= 10; k++)
            {
                var a = new Vector2D(random.NextGaussian(), random.NextGaussian());
                truth = (truth.P + truth.V * Dt + a * (Dt * Dt / 2), truth.V + a * Dt);
                for (int i = 0; i < 3; i++)
                {
                    filters[i] = Measured(filters[i].Predicted(Dt, 1), truth.P + new Vector2D(random.NextGaussian(), random.NextGaussian()) * 0.3, 0.09);
                    tables[i].Merge([new ObjectTrack(1, 1, filters[i], At(k * Dt), TrackSources.Of((ulong)i + 1, k))], Duration.Zero, At(k * Dt));
                }
                var sent = tables.Select(t => t.Tracks.ToArray()).ToArray();
                for (int i = 0; i < 3; i++)
                {
                    for (int j = 0; j < 3; j++)
                    {
                        if (j != i) tables[i].Merge(sent[j], Duration.Zero, At(k * Dt));
                    }
                }
            }
            var fused = tables[2].Tracks[0].Estimate;
            Assert.Equal(1, tables[2].Tracks.Length);
            nees += Nees(new TrackEstimate(fused.Position - truth.P, fused.Velocity - truth.V, fused.Covariance));
            error += (fused.Position - truth.P).LengthSquared;
            single += (filters[2].Position - truth.P).LengthSquared;
        }
        output.WriteLine($"mean NEES {nees / Runs:F3}; RMS position error fused {Math.Sqrt(error / Runs):F3} m, alone {Math.Sqrt(single / Runs):F3} m");
        Assert.True(nees / Runs <= 4 * 1.1, $"{nees / Runs}");
        Assert.True(error < single, $"{error} {single}");
    }

    [Fact]
    public void TryFuse_OneInputSaysAll_TakesItAlone()
    {
        var sure = new TrackEstimate(new(1, 2), default, SymmetricMatrix4.Diagonal(0.01, 0.01, 0.01, 0.01));
        var vague = new TrackEstimate(new(5, 5), default, SymmetricMatrix4.Diagonal(1, 2, 3, 4));
        Assert.True(CovarianceIntersection.TryFuse(sure, vague, out var fused, out double weight));
        Assert.Equal((1.0, sure), (weight, fused));
        Assert.True(CovarianceIntersection.TryFuse(vague, sure, out fused, out weight));
        Assert.Equal((0.0, sure), (weight, fused));
    }

    [Fact]
    public void TryFuse_ComplementaryInputs_WeighsTheDeterminantLeast()
    {
        var a = new TrackEstimate(default, default, SymmetricMatrix4.Diagonal(1, 0.1, 1, 1));
        var b = new TrackEstimate(new(1, 1), default, SymmetricMatrix4.Diagonal(0.1, 1, 1, 1));
        Assert.True(CovarianceIntersection.TryFuse(a, b, out var fused, out double weight));
        Assert.Equal(0.5, weight, 1e-5);
        Assert.Equal(fused.Covariance[0, 0], fused.Covariance[1, 1], 1e-9);
        Assert.True(fused.Covariance.Determinant() < a.Covariance.Determinant());
        Assert.False(CovarianceIntersection.TryFuse(a, b with { Covariance = default }, out _, out _));
    }

    [Fact]
    public void TryInvert_RandomMatrices_GivesTheInverse()
    {
        var random = new RandomStream(3);
        for (int k = 0; k < 200; k++)
        {
            var m = RandomCovariance(random);
            Assert.True(m.TryInvert(out var inverse));
            for (int i = 0; i < 4; i++)
            {
                for (int j = 0; j < 4; j++)
                {
                    double sum = 0;
                    for (int l = 0; l < 4; l++) sum += m[i, l] * inverse[l, j];
                    Assert.Equal(i == j ? 1 : 0, sum, 1e-8);
                }
            }
        }
    }

    [Fact]
    public void Merge_TrackThatRestsOnWhatIsKnown_SaysNothingNew()
    {
        var table = new TrackTable(new TrackOptions());
        var own = Track(1, new(0, 0), TrackSources.Of(1, 7));
        table.Merge([own], Duration.Zero, At(1));
        var echo = table.Tracks[0];
        table.Merge([echo], Duration.Zero, At(1));
        Assert.Equal(1, table.Known);
        Assert.Equal(echo, table.Tracks[0]);
        table.Merge([Track(9, new(0.1, 0), TrackSources.Of(2, 1))], Duration.Zero, At(1));
        Assert.Equal(1, table.Known);
        Assert.Equal(2, table.Tracks[0].Sources.Count());
    }

    [Fact]
    public void Merge_TwoObjectsNearEachOther_MatchesAllTogether()
    {
        // The nearest alone would take the first for both; together each gets its own.
        var table = new TrackTable(new TrackOptions { Acceleration = 0 });
        table.Merge([Track(1, new(0, 0), TrackSources.Of(1, 1)), Track(2, new(1, 0), TrackSources.Of(1, 1))], Duration.Zero, At(1));
        table.Merge([Track(5, new(0.55, 0), TrackSources.Of(2, 1)), Track(6, new(-0.3, 0), TrackSources.Of(2, 1))], Duration.Zero, At(1));
        Assert.Equal(2, table.Tracks.Length);
        Assert.True(table.Tracks[1].Estimate.Position.X > 0.5 && table.Tracks[0].Estimate.Position.X < 0.1);
    }

    [Fact]
    public void Merge_OldFutureInvalidOrOtherClass_IsDroppedOrKeptApart()
    {
        var table = new TrackTable(new TrackOptions { Capacity = 2 });
        var track = Track(1, default, TrackSources.Of(1, 1));
        table.Merge([track with { Time = At(8) }, track with { Time = At(12) }, track with { Estimate = track.Estimate with { Covariance = default } }], Duration.Zero, At(10));
        Assert.Equal(3, table.Dropped);
        table.Merge([track with { Time = At(110) }], Duration.FromSeconds(100), At(10));
        table.Merge([track with { Time = At(10), Class = 4 }], Duration.Zero, At(10));
        Assert.Equal(2, table.Tracks.Length);
        table.Merge([track with { Time = At(10), Estimate = track.Estimate with { Position = new(50, 0) } }], Duration.Zero, At(10));
        Assert.Equal(1, table.Overflowed);
        table.Advance(At(11.5));
        Assert.Equal(0, table.Tracks.Length);
    }

    [Fact]
    public void TryRead_RoundTripAndArbitraryBytes_AreTotal()
    {
        var random = new RandomStream(5);
        var tracks = new ObjectTrack[5];
        for (int i = 0; i < tracks.Length; i++)
        {
            var sources = TrackSources.Of((ulong)i + 1, 100 - i);
            sources.Union(TrackSources.Of(99, 5));
            tracks[i] = new ObjectTrack((uint)i, (byte)i, new TrackEstimate(new(random.NextGaussian() * 50, 3), new(1, -1), RandomCovariance(random)), At(i), sources);
        }
        var bytes = new byte[TrackWire.MaxBytes];
        int length = TrackWire.Write(new TrackHeader(3, 4, 5), tracks, bytes);
        var read = new ObjectTrack[TrackWire.MaxTracks];
        Assert.True(TrackWire.TryRead(bytes.AsSpan(0, length), out var header, read, out int count, out string fault), fault);
        Assert.Equal((new TrackHeader(3, 4, 5), 5), (header, count));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal((tracks[i].Id, tracks[i].Class, tracks[i].Time), (read[i].Id, read[i].Class, read[i].Time));
            Assert.Equal(tracks[i].Estimate.Position.X, read[i].Estimate.Position.X, 1e-5);
            Assert.Equal(100 - i, read[i].Sources.EvidenceOf((ulong)i + 1));
            // Never surer than what was sent.
            Assert.True(read[i].Estimate.Covariance[0, 0] >= tracks[i].Estimate.Covariance[0, 0]);
        }
        for (int cut = 0; cut < length; cut++) Assert.False(TrackWire.TryRead(bytes.AsSpan(0, cut), out _, read, out _, out fault));
        for (int k = 0; k < 50_000; k++)
        {
            byte[] broken = [.. bytes.AsSpan(0, length)];
            for (int i = 1 + random.NextInt32(4); i > 0; i--) broken[random.NextInt32(length)] = (byte)random.NextUInt64();
            if (!TrackWire.TryRead(broken, out _, read, out count, out _)) continue;
            for (int i = 0; i < count; i++) Assert.True(read[i].Estimate.IsValid);
        }
        Allocations.AssertNone(() =>
        {
            TrackWire.Write(new TrackHeader(3, 4, 5), tracks, bytes);
            TrackWire.TryRead(bytes.AsSpan(0, length), out _, read, out _, out _);
        });
    }

    [Fact]
    public void Merge_InSteadyState_AllocatesNothing()
    {
        var table = new TrackTable(new TrackOptions());
        var tracks = Enumerable.Range(0, 20).Select(i => Track((uint)i, new(5 * i, 0), TrackSources.Of(2, 1))).ToArray();
        int k = 0;
        Allocations.AssertNone(() =>
        {
            k++;
            for (int i = 0; i < tracks.Length; i++) tracks[i] = tracks[i] with { Time = At(1 + 0.001 * k), Sources = TrackSources.Of(2, k) };
            table.Merge(tracks, Duration.Zero, At(1 + 0.001 * k));
        });
        Assert.Equal(20, table.Tracks.Length);
    }

    private static TrackEstimate Gossip(TrackEstimate a, TrackEstimate b, Func<TrackEstimate, TrackEstimate, TrackEstimate> fuse)
    {
        b = fuse(b, a);
        var c = fuse(fuse(Vague, a), b);
        b = fuse(b, c);
        return fuse(fuse(c, b), a);
    }

    private static TrackEstimate Vague => new(default, default, SymmetricMatrix4.Diagonal(1e6, 1e6, 1e6, 1e6));

    private static TrackEstimate Intersect(TrackEstimate a, TrackEstimate b)
    {
        Assert.True(CovarianceIntersection.TryFuse(a, b, out var fused, out _));
        return fused;
    }

    /// <summary>The control: a Kalman update, which takes the two for independent. Diagonal covariances only.</summary>
    private static TrackEstimate Add(TrackEstimate a, TrackEstimate b)
    {
        double[] p = new double[4], x = new double[4], xa = [a.Position.X, a.Position.Y, a.Velocity.X, a.Velocity.Y], xb = [b.Position.X, b.Position.Y, b.Velocity.X, b.Velocity.Y];
        for (int i = 0; i < 4; i++)
        {
            p[i] = 1 / (1 / a.Covariance[i, i] + 1 / b.Covariance[i, i]);
            x[i] = p[i] * (xa[i] / a.Covariance[i, i] + xb[i] / b.Covariance[i, i]);
        }
        return new TrackEstimate(new(x[0], x[1]), new(x[2], x[3]), SymmetricMatrix4.Diagonal(p[0], p[1], p[2], p[3]));
    }

    private static TrackEstimate Measured(TrackEstimate e, Vector2D z, double variance)
    {
        // Kalman update for a measured position, one axis after the other.
        double[] x = [e.Position.X, e.Position.Y, e.Velocity.X, e.Velocity.Y];
        var p = e.Covariance;
        for (int axis = 0; axis < 2; axis++)
        {
            double s = p[axis, axis] + variance, innovation = (axis == 0 ? z.X : z.Y) - x[axis];
            var before = p;
            for (int i = 0; i < 4; i++)
            {
                x[i] += before[i, axis] / s * innovation;
                for (int j = i; j < 4; j++) p[i, j] = before[i, j] - before[i, axis] * before[axis, j] / s;
            }
        }
        return new TrackEstimate(new(x[0], x[1]), new(x[2], x[3]), p);
    }

    private static TrackEstimate Sample(RandomStream random, SymmetricMatrix4 p) =>
        new(new(random.NextGaussian() * Math.Sqrt(p[0, 0]), random.NextGaussian() * Math.Sqrt(p[1, 1])), new(random.NextGaussian() * Math.Sqrt(p[2, 2]), random.NextGaussian() * Math.Sqrt(p[3, 3])), p);

    private static double Nees(TrackEstimate error)
    {
        Assert.True(error.Covariance.TryInvert(out var inverse));
        double[] x = [error.Position.X, error.Position.Y, error.Velocity.X, error.Velocity.Y], y = new double[4];
        inverse.Multiply(x, y);
        return x.Zip(y, (a, b) => a * b).Sum();
    }

    private static SymmetricMatrix4 RandomCovariance(RandomStream random)
    {
        var l = new double[16];
        for (int i = 0; i < 16; i++) l[i] = random.NextGaussian();
        var m = default(SymmetricMatrix4);
        for (int i = 0; i < 4; i++)
        {
            for (int j = i; j < 4; j++)
            {
                double sum = i == j ? 0.1 : 0;
                for (int k = 0; k < 4; k++) sum += l[4 * i + k] * l[4 * j + k];
                m[i, j] = sum;
            }
        }
        return m;
    }

    private static ObjectTrack Track(uint id, Vector2D position, TrackSources sources) => new(id, 1, new TrackEstimate(position, default, SymmetricMatrix4.Diagonal(0.05, 0.05, 0.1, 0.1)), At(1), sources);

    private static Stamp At(double seconds) => Stamp.FromSeconds(seconds);
}
