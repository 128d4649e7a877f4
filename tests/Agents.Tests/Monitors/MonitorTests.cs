using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Each monitor on a stream that must make it fire, and on the nearest ones that must not.</summary>
public class MonitorTests
{
    [Fact]
    public void Loitering_BusyLongAndUseless_FiresAtTheEndOfTheWindow()
    {
        var monitor = new LoiteringMonitor(baseline: 0.6);
        for (int i = 0; i < 19; i++) Assert.Null(monitor.Observe(Streams.Report(false)));
        Assert.Equal(MonitorAction.Rollback, monitor.Observe(Streams.Report(false))!.Action);
    }

    [Theory]
    [InlineData(40, 38, false, 0.6)]    // long and useless, but often ungrounded
    [InlineData(37, 37, false, 0.6)]    // fails early: wrong, but no loitering
    [InlineData(40, 40, true, 0.6)]     // takes its time and succeeds
    [InlineData(40, 40, false, 0.15)]   // no worse than an incumbent that hardly ever succeeds
    public void Loitering_WithOneSignMissing_StaysQuiet(int steps, int grounded, bool succeeded, double baseline)
    {
        var monitor = new LoiteringMonitor(baseline);
        for (int i = 0; i < 100; i++) Assert.Null(monitor.Observe(Streams.Report(succeeded, steps, grounded)));
    }

    [Fact]
    public void RepeatedState_FourthVisit_EndsTheMissionAndThreeOfTenRollBack()
    {
        var monitor = new RepeatedStateMonitor();
        MonitorTrigger? end = null;
        for (int mission = 0; mission < 3; mission++)
        {
            for (int i = 0; i < 3; i++) Assert.Null(monitor.ObserveStep(7));
            Assert.Equal(MonitorAction.EndMission, monitor.ObserveStep(7)!.Action);
            Assert.Null(monitor.ObserveStep(7));
            end = monitor.ObserveEnd();
            Assert.Equal(mission == 2, end is not null);
        }
        Assert.Equal(MonitorAction.Rollback, end!.Action);
    }

    [Fact]
    public void RepeatedState_RareOrSpreadOverMissions_StaysQuiet()
    {
        var monitor = new RepeatedStateMonitor();
        for (int mission = 0; mission < 100; mission++)
        {
            // Three visits each time, and one circling mission in five: two of any ten.
            for (int i = 0; i < (mission % 5 == 0 ? 4 : 3); i++) Assert.Equal(i == 3, monitor.ObserveStep(7) is not null);
            Assert.Null(monitor.ObserveEnd());
        }
    }

    [Theory]
    [InlineData(GuardStage.Preconditions, GuardReason.Precondition, true)]
    [InlineData(GuardStage.Parse, GuardReason.UnknownCommand, true)]
    [InlineData(GuardStage.Shape, GuardReason.NotJson, true)]
    [InlineData(GuardStage.Preconditions, GuardReason.Stale, false)]
    [InlineData(GuardStage.Envelope, GuardReason.Fence, false)]
    public void Grounding_MoreThanATenth_FiresForWhatIsThePolicysFault(GuardStage stage, GuardReason reason, bool fires)
    {
        var monitor = new GroundingMonitor();
        var bad = Streams.Refused(stage, reason);
        for (int i = 0; i < 199; i++) Assert.Null(monitor.Observe(i % 10 == 0 ? bad : Streams.Decided()));
        // Exactly a tenth is allowed; one more is not.
        Assert.Null(monitor.Observe(Streams.Decided()));
        Assert.Null(monitor.Observe(bad));
        Assert.Equal(fires, monitor.Observe(bad) is not null);
    }

    [Fact]
    public void Success_KnownStream_MatchesTheSumWorkedOutByHand()
    {
        // p0 = 0.8, p1 = 0.7: failure adds ln(0.3/0.2) = 0.405465, success adds ln(0.7/0.8) = −0.133531; ln 20 = 2.995732 takes 8 failures in a row.
        var monitor = new SuccessMonitor(0.8);
        monitor.Observe(true);
        Assert.Equal(0, monitor.Sum);
        monitor.Observe(false);
        monitor.Observe(true);
        Assert.Equal(0.405465 - 0.133531, monitor.Sum, 1e-5);
        monitor = new SuccessMonitor(0.8);
        for (int i = 0; i < 7; i++) Assert.Null(monitor.Observe(false));
        Assert.Equal(MonitorAction.Rollback, monitor.Observe(false)!.Action);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(0.05)]
    public void Success_AtTheEdges_StaysFinite(double incumbent)
    {
        var monitor = new SuccessMonitor(incumbent);
        for (int i = 0; i < 20; i++)
        {
            monitor.Observe(i % 2 == 0);
            Assert.True(double.IsFinite(monitor.Sum) && monitor.Sum >= 0);
        }
    }

    [Fact]
    public void Success_FallenByTwenty_FiresSoonerThanAtTheIncumbentsRate()
    {
        // Mean length to the alarm over 200 seeded streams: at p0 = 0.8 false alarms are rare, at 0.6 it takes some 35 missions.
        Assert.True(MeanRun(0.8) > 10 * MeanRun(0.6));
        Assert.InRange(MeanRun(0.6), 15, 80);
    }

    [Fact]
    public void Deadline_ThreeInARow_FallsBackThenRollsBack()
    {
        var monitor = new DeadlineMonitor();
        var late = Streams.Failed(AttemptFailure.Deadline);
        Assert.Null(monitor.Observe(late));
        Assert.Null(monitor.Observe(late));
        Assert.Equal(MonitorAction.Fallback, monitor.Observe(late)!.Action);
        Assert.Null(monitor.Observe(late));
        Assert.Null(monitor.Observe(late));
        Assert.Equal(MonitorAction.Rollback, monitor.Observe(late)!.Action);
    }

    [Fact]
    public void Deadline_MoreThanOnePercent_FiresAndOnePercentDoesNot()
    {
        var late = Streams.Failed(AttemptFailure.Deadline);
        var (bearable, bad) = (new DeadlineMonitor(), new DeadlineMonitor());
        bool fired = false;
        for (int i = 0; i < 3000; i++)
        {
            Assert.Null(bearable.Observe(i % 100 == 0 ? late : Streams.Decided()));
            fired |= bad.Observe(i % 90 == 0 ? late : Streams.Decided()) is not null;
        }
        Assert.True(fired);
    }

    [Fact]
    public void Deadline_DecisionsWithoutThePolicy_SayNothing()
    {
        var monitor = new DeadlineMonitor();
        for (int i = 0; i < 100; i++) Assert.Null(monitor.Observe(Streams.Failed(AttemptFailure.CircuitOpen)));
        // They do not break a row either.
        monitor.Observe(Streams.Failed(AttemptFailure.Deadline));
        monitor.Observe(Streams.Failed(AttemptFailure.CircuitOpen));
        monitor.Observe(Streams.Failed(AttemptFailure.Busy));
        Assert.NotNull(monitor.Observe(Streams.Failed(AttemptFailure.Deadline)));
    }

    [Fact]
    public void Interventions_ThirdInAMission_FiresAndTwoDoNot()
    {
        var monitor = new InterventionMonitor(incumbentRate: 1);
        var held = Streams.Refused(GuardStage.Envelope, GuardReason.Fence);
        for (int mission = 0; mission < 50; mission++)
        {
            Assert.Null(monitor.Observe(held));
            Assert.Null(monitor.Observe(held));
            Assert.Null(monitor.Observe(Streams.Refused(GuardStage.Parse, GuardReason.UnknownCommand)));
            Assert.Null(monitor.ObserveEnd());
        }
        monitor.Observe(held);
        monitor.Observe(held);
        Assert.Equal(MonitorAction.Rollback, monitor.Observe(held)!.Action);
    }

    [Theory]
    [InlineData(0.3, true)]
    [InlineData(0.4, false)]
    [InlineData(0.0, false)]
    public void Interventions_ThriceTheIncumbentsRate_Fires(double incumbent, bool fires)
    {
        var monitor = new InterventionMonitor(incumbent);
        bool fired = false;
        for (int mission = 0; mission < 20; mission++)
        {
            monitor.Observe(Streams.Refused(GuardStage.Envelope, GuardReason.Claimed));
            fired |= monitor.ObserveEnd() is not null;
        }
        Assert.Equal(fires, fired);
    }

    [Fact]
    public void Divergence_Drifted_AlarmsAndNearDoesNot()
    {
        var (far, near) = (new DivergenceMonitor(), new DivergenceMonitor());
        bool alarmed = false;
        for (int i = 0; i < 300; i++)
        {
            // KL = 0.9 ln 9 + 0.1 ln(1/9) = 1.758 nat; near: 0.6 ln 1.2 + 0.4 ln 0.8 = 0.020.
            alarmed |= far.Observe([0.9f, 0.1f], [0.1f, 0.9f])?.Action == MonitorAction.Alarm;
            Assert.Null(near.Observe([0.6f, 0.4f], [0.5f, 0.5f]));
            near.Observe([float.NaN, 1], [0.5f, 0.5f]);
        }
        Assert.True(alarmed);
        var certain = new DivergenceMonitor(window: 1);
        Assert.Contains("13.8", certain.Observe([1f, 0f], [0f, 1f])!.Evidence, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => far.Observe([1f], [0.5f, 0.5f]));
    }

    [Fact]
    public void Attribution_OffOrFlipped_StopsLearning()
    {
        Assert.Equal(MonitorAction.StopLearning, Attribution((r, _) => r + 0.3));
        Assert.Equal(MonitorAction.StopLearning, Attribution((r, _) => 1 - r));
        Assert.Equal(MonitorAction.StopLearning, Attribution((_, _) => double.NaN));
        Assert.Null(Attribution((r, _) => r + 0.2));
        Assert.Null(Attribution((r, noise) => 0.5 + 0.1 * noise));
        Assert.Null(Attribution((_, _) => 0.5));
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.5f }, false)]
    [InlineData(new[] { 0.5f, 0.5009f }, false)]
    [InlineData(new[] { 0.5f, 0.502f }, true)]
    [InlineData(new[] { 0.5f, 0.498f }, true)]
    [InlineData(new[] { float.NaN, 1f }, true)]
    [InlineData(new[] { float.PositiveInfinity, 0f }, true)]
    [InlineData(new[] { -0.1f, 1.1f }, true)]
    [InlineData(new float[0], true)]
    public void Numeric_AllProbabilities_MustBeOnes(float[] probabilities, bool fires) => Assert.Equal(fires, NumericMonitor.Observe(probabilities) is not null);

    [Fact]
    public void Numeric_OfARecord_FiresAtOnce()
    {
        var call = new ActionCall("a", [], "a");
        Assert.Null(NumericMonitor.Observe(Streams.Decided()));
        Assert.Null(NumericMonitor.Observe(Streams.Decided(-0.6931472f, 0.1f, (call, 0.3f), (call, 0.1f))));
        Assert.NotNull(NumericMonitor.Observe(Streams.Decided(float.NaN)));
        Assert.NotNull(NumericMonitor.Observe(Streams.Decided(0.5f)));
        Assert.NotNull(NumericMonitor.Observe(Streams.Decided(float.NegativeInfinity)));
        Assert.NotNull(NumericMonitor.Observe(Streams.Decided(null, float.PositiveInfinity)));
        Assert.NotNull(NumericMonitor.Observe(Streams.Decided(-0.6931472f, null, (call, 0.51f))));
        Assert.NotNull(NumericMonitor.Observe(Streams.Decided(null, null, (call, float.NaN))));
    }

    [Fact]
    public void Contract_AnyHashChanged_RefusesToAct()
    {
        var monitor = new ContractMonitor(BundleWorkshop.World);
        Assert.Null(monitor.Observe(BundleWorkshop.World));
        BundleExpectations[] changed = [BundleWorkshop.World with { ActionVocabularySha256 = "x" }, BundleWorkshop.World with { ObservationSchemaSha256 = "x" }, BundleWorkshop.World with { DomainSha256 = "x" }];
        Assert.All(changed, c => Assert.Equal(MonitorAction.Refuse, monitor.Observe(c)!.Action));
    }

    private static double MeanRun(double success)
    {
        var random = new RandomStream(42);
        double sum = 0;
        for (int stream = 0; stream < 200; stream++)
        {
            var monitor = new SuccessMonitor(0.8);
            int n = 1;
            while (n < 5000 && monitor.Observe(random.NextDouble() < success) is null) n++;
            sum += n;
        }
        return sum / 200;
    }

    private static MonitorAction? Attribution(Func<double, double, double> attributed)
    {
        var monitor = new AttributionMonitor(maxReturn: 1);
        var random = new RandomStream(9);
        MonitorTrigger? last = null;
        for (int i = 0; i < 50; i++)
        {
            double r = random.NextInt32(2);
            last = monitor.Observe(attributed(r, random.NextGaussian()), r) ?? last;
        }
        return last?.Action;
    }
}
