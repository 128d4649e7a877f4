using System.Buffers;

namespace EdgeAutonomy.Runtime.Tests.Pacing;

public class PacerTests
{
    private static readonly PeriodGrid Grid = PeriodGrid.Default;

    [Theory]
    [InlineData(400_000, 0)] // 1000 events wanted: 2.5 ms at 400 k/s is between 2 and 4, the longest not above is 2 ms … after the mean has settled
    [InlineData(100_000, 3)]
    [InlineData(10_000, 5)]
    [InlineData(0, 5)]
    public void EventRate_SteadyRate_PicksTheLongestPeriodWithinTheTarget(double rate, int atLeast)
    {
        var pacer = new EventRatePacer(Grid, 1000);
        var choice = default(PeriodChoice);
        for (int i = 0; i < 200; i++) choice = pacer.Next(Summary(4, items: (int)(rate * 0.004)), []);
        int expected = Grid.IndexAtMost(rate == 0 ? Grid.Longest : Duration.FromSeconds(1000 / rate));
        Assert.Equal(expected, choice.Index);
        Assert.True(expected >= atLeast);
        Assert.Equal(PeriodReason.EventRate, choice.Reason);
    }

    [Fact]
    public void Governor_NoDwell_GrowsAtOnceButNotBeyondSafety()
    {
        var governor = new PeriodGovernor(PeriodGrid.Default, new GovernorOptions { GrowDwellCycles = 0 }, 0);
        var free = new CycleSummary { Trust = 1, PeriodLimit = Duration.Unlimited, TimeToContact = float.PositiveInfinity };
        Assert.Equal(new PeriodChoice(5, PeriodReason.Learned), governor.Apply(new PeriodChoice(5, PeriodReason.Learned), free));
        Assert.Equal(new PeriodChoice(2, PeriodReason.SafetyShrink), governor.Apply(new PeriodChoice(5, PeriodReason.Learned), free with { PeriodLimit = Duration.FromMilliseconds(5) }));
        Assert.Equal(new PeriodChoice(2, PeriodReason.SafetyShrink), governor.Apply(new PeriodChoice(4, PeriodReason.Learned), free with { Trust = 0.1f }));
        Assert.Equal(4, governor.Apply(new PeriodChoice(4, PeriodReason.Learned), free).Index);
    }

    [Fact]
    public void EventRate_SameTimeInOtherSteps_GivesTheSameRate()
    {
        var fine = new EventRatePacer(Grid, 1000);
        var coarse = new EventRatePacer(Grid, 1000);
        fine.Next(Summary(1, 100), []);
        coarse.Next(Summary(1, 100), []);
        for (int i = 0; i < 64; i++) fine.Next(Summary(1, 50), []);
        for (int i = 0; i < 16; i++) coarse.Next(Summary(4, 200), []);
        Assert.Equal(fine.Rate, coarse.Rate, 1e-6 * fine.Rate); // β(4 ms) = β(1 ms)^4 up to rounding
    }

    [Fact]
    public void ErrorControlled_SmallError_GrowsLargeErrorShrinks()
    {
        var pacer = new ErrorControlledPacer(Grid);
        Assert.True(pacer.Next(Summary(4, 0, error: 0.001f, index: 2), []).Index > 2);
        Assert.True(pacer.Next(Summary(4, 0, error: 50f, index: 2), []).Index < 2);
        Assert.Equal(2, pacer.Next(Summary(4, 0, error: float.NaN, index: 2), []).Index);
    }

    [Fact]
    public void ErrorControlled_FactorIsTheFormula()
    {
        // p = 1, e_n = 0.04, e_{n-1} = 1: f = 0.9 · 0.04^-0.35 = 2.78, so 4 ms becomes 11.1 ms: 8 ms on the grid.
        Assert.Equal(3, new ErrorControlledPacer(Grid).Next(Summary(4, 0, error: 0.04f, index: 2), []).Index);
        // e = 0.5: f = 1.147: stays.
        Assert.Equal(2, new ErrorControlledPacer(Grid).Next(Summary(4, 0, error: 0.5f, index: 2), []).Index);
        // e = 2: f = 0.706: 2.8 ms, so 2 ms.
        Assert.Equal(1, new ErrorControlledPacer(Grid).Next(Summary(4, 0, error: 2f, index: 2), []).Index);
    }

    [Fact]
    public void PolicyPacer_ProposalWins_FallbackOtherwise()
    {
        var pacer = new PolicyPacer(new FixedPacer(4));
        Assert.Equal(new PeriodChoice(1, PeriodReason.Learned), pacer.Next(Summary(4, 0, proposed: 1), []));
        Assert.Equal(new PeriodChoice(4, PeriodReason.Fixed), pacer.Next(Summary(4, 0), []));
    }

    [Fact]
    public void Thaw_EveryPacer_ContinuesTheSame()
    {
        foreach (var make in new Func<IPacer>[] { () => new FixedPacer(3), () => new EventRatePacer(Grid, 500), () => new ErrorControlledPacer(Grid), () => new PolicyPacer(new EventRatePacer(Grid, 500)) })
        {
            var dice = new RandomStream(3);
            IPacer a = make(), b = make();
            for (int i = 0; i < 50; i++) a.Next(Random(dice), []);
            var bytes = new ArrayBufferWriter<byte>();
            a.Freeze(bytes);
            b.Thaw(bytes.WrittenSpan);
            for (int i = 0; i < 50; i++)
            {
                var x = Random(dice);
                Assert.Equal(a.Next(x, []), b.Next(x, []));
            }
            Assert.Throws<InvalidDataException>(() => b.Thaw(new byte[bytes.WrittenCount + 1]));
        }

        static CycleSummary Random(RandomStream dice) => Summary(1 + dice.NextInt32(30), dice.NextInt32(1000), (float)dice.NextExponential(), dice.NextInt32(6));
    }

    [Fact]
    public void Governor_Growth_OneStepAfterEightVotes_ShrinkAtOnce()
    {
        var governor = new PeriodGovernor(Grid, new GovernorOptions(), 2);
        for (int i = 0; i < 7; i++) Assert.Equal(new PeriodChoice(2, PeriodReason.DwellHold), governor.Apply(new PeriodChoice(5, PeriodReason.EventRate), Summary(4, 0)));
        Assert.Equal(new PeriodChoice(3, PeriodReason.EventRate), governor.Apply(new PeriodChoice(5, PeriodReason.EventRate), Summary(4, 0)));
        Assert.Equal(new PeriodChoice(0, PeriodReason.EventRate), governor.Apply(new PeriodChoice(0, PeriodReason.EventRate), Summary(4, 0)));
    }

    [Fact]
    public void Governor_Safety_OnlyEverShortens()
    {
        var dice = new RandomStream(11);
        var governor = new PeriodGovernor(Grid, new GovernorOptions(), 2);
        for (int i = 0; i < 20_000; i++)
        {
            byte before = governor.Index;
            var wanted = new PeriodChoice((byte)dice.NextInt32(6), PeriodReason.ErrorEstimate);
            var limit = Duration.FromMilliseconds(dice.NextDouble(-1, 40));
            float ttc = dice.NextInt32(3) == 0 ? float.PositiveInfinity : (float)dice.NextDouble(0, 1), trust = (float)dice.NextDouble();
            var rung = (Rung)dice.NextInt32(5);
            var got = governor.Apply(wanted, Summary(4, 0, limit: limit, ttc: ttc, trust: trust, rung: rung));
            Assert.True(got.Index <= Math.Max(wanted.Index, before));
            Assert.True(got.Index == 0 || Grid[got.Index] <= limit);
            Assert.True(got.Index == 0 || Grid[got.Index].Seconds <= ttc * 0.1f + 1e-9);
            Assert.True(rung < Rung.Degraded || got.Index <= 2);
            Assert.True(trust >= 0.8f || got.Index <= before);
            Assert.True(got.Index <= before + 1);
        }
    }

    private static CycleSummary Summary(double dtMs, int items, float error = float.NaN, int index = 2, sbyte proposed = -1, Duration? limit = null,
        float ttc = float.PositiveInfinity, float trust = 1, Rung rung = Rung.Nominal) => new()
        {
            Dt = Duration.FromMilliseconds(dtMs), Items = items, StepError = error, PeriodIndex = (byte)index, ProposedIndex = proposed,
            PeriodLimit = limit ?? Duration.Unlimited, TimeToContact = ttc, Trust = trust, Rung = rung,
        };
}
