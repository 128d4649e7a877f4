using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;
using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests.ClockSync;

public class ClockOffsetTests(ITestOutputHelper output)
{
    [Fact]
    public void TryEstimate_AnyDelaysAndDrift_TruthLiesWithinTheBound()
    {
        double worst = 0, naive = 0, widest = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var random = new RandomStream(seed);
            double ours = 1 + random.NextDouble(-1e-3, 1e-3), theirs = 1 + random.NextDouble(-1e-3, 1e-3), apart = random.NextDouble(-1e4, 1e4), asymmetry = random.NextDouble(0, 0.2);
            Stamp Our(double t) => Stamp.FromSeconds(1000 + t * ours);
            Stamp Their(double t) => Stamp.FromSeconds(1000 + apart + t * theirs);
            var estimator = new ClockOffsetEstimator();
            double t = 0;
            for (int k = 0; k < 100; k++)
            {
                t += random.NextDouble(8, 12);
                // One way is slower than the other all the time, and now and then something waits.
                double go = 0.002 + asymmetry * random.NextDouble() + (random.NextDouble() < 0.1 ? random.NextDouble(0, 2) : 0), stay = random.NextDouble(0, 0.05), back = 0.002 + 0.01 * random.NextDouble();
                Assert.True(estimator.Add(Our(t), Their(t + go), Their(t + go + stay), Our(t + go + stay + back)));
                double at = t + go + stay + back + random.NextDouble(0, 5);
                Assert.True(estimator.TryEstimate(Our(at), out var estimate));
                double error = Math.Abs((Their(at) - Our(at) - estimate.Offset).Seconds);
                Assert.True(error <= estimate.Bound.Seconds, $"seed {seed}, exchange {k}: off by {error} s, bound {estimate.Bound}");
                if (k > 20) (worst, widest) = (Math.Max(worst, error), Math.Max(widest, estimate.Bound.Seconds));
                // The control: the last exchange alone, without a filter.
                naive = Math.Max(naive, Math.Abs((Their(at) - Our(at)).Seconds - (go - back) / 2 - (Their(t) - Our(t)).Seconds));
            }
            Assert.Equal(0, estimator.Steps);
        }
        output.WriteLine($"worst error {worst * 1e3:F2} ms, widest bound {widest * 1e3:F2} ms; last exchange alone {naive * 1e3:F0} ms");
        Assert.True(worst < 0.2 && naive > 0.5, $"{worst} {naive}");
    }

    [Fact]
    public void TryEstimate_SteadyDrift_FindsTheRate()
    {
        var random = new RandomStream(2);
        var estimator = new ClockOffsetEstimator();
        for (int k = 0; k < 64; k++)
        {
            double t = 10 * k, go = random.NextDouble(0.001, 0.0015), back = random.NextDouble(0.001, 0.0015);
            estimator.Add(At(t), At((t + go) * 1.0005), At((t + go) * 1.0005), At(t + go + back));
        }
        Assert.True(estimator.TryEstimate(At(640), out var estimate));
        Assert.Equal(5e-4, estimate.Rate, 1e-5);
        Assert.Equal(640 * 5e-4, estimate.Offset.Seconds, 2e-3);
    }

    [Fact]
    public void Add_ClockWasSet_StartsOver()
    {
        var estimator = new ClockOffsetEstimator();
        for (int k = 0; k < 10; k++) estimator.Add(At(k), At(k + 0.01), At(k + 0.01), At(k + 0.02));
        estimator.Add(At(20), At(3620.01), At(3620.01), At(20.02));
        Assert.Equal(1, estimator.Steps);
        Assert.True(estimator.TryEstimate(At(20.02), out var estimate));
        Assert.Equal(3600, estimate.Offset.Seconds, 0.02);
    }

    [Fact]
    public void Add_ImpossibleOrWildTimes_AreRejectedAndCounted()
    {
        var estimator = new ClockOffsetEstimator();
        Assert.False(estimator.Add(At(2), At(1), At(1), At(1)));
        Assert.False(estimator.Add(At(1), At(2), At(1), At(3)));
        Assert.False(estimator.Add(At(1), At(1), At(9), At(2)));
        Assert.False(estimator.Add(At(1), new Stamp(long.MinValue), new Stamp(long.MaxValue), At(2)));
        Assert.False(estimator.Add(At(1), new Stamp(long.MaxValue), new Stamp(long.MaxValue), At(2)));
        Assert.Equal(5, estimator.Rejected);
        Assert.False(estimator.TryEstimate(At(3), out _));
    }

    [Fact]
    public void TryEstimate_Always_AllocatesNothing()
    {
        var estimator = new ClockOffsetEstimator();
        int k = 0;
        Allocations.AssertNone(() =>
        {
            k++;
            estimator.Add(At(k), At(k + 0.01), At(k + 0.01), At(k + 0.02));
            estimator.TryEstimate(At(k + 1), out _);
        });
    }

    [Fact]
    public void TakeDue_ManyExchanges_SpreadByAFifth()
    {
        var timer = new ExchangeTimer(ExchangeTimer.Neighbour, new RandomStream(4));
        var gaps = new List<double>();
        double last = -1;
        for (int k = 0; k < 100_000; k++)
        {
            if (!timer.TakeDue(At(k * 0.01))) continue;
            if (last >= 0) gaps.Add(k * 0.01 - last);
            last = k * 0.01;
        }
        Assert.InRange(gaps.Min(), 7.98, 8.7);
        Assert.InRange(gaps.Max(), 11.3, 12.02);
    }

    [Fact]
    public void Next_WallClockSetBack_StillRises()
    {
        var stamps = new MonotoneStamps();
        Assert.Equal(At(10), stamps.Next(At(10)));
        Assert.Equal(At(10.001), stamps.Next(At(5)));
        Assert.Equal(At(11), stamps.Next(At(11)));
    }

    private static Stamp At(double seconds) => Stamp.FromSeconds(seconds);
}
