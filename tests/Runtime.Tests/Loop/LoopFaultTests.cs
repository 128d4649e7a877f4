using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime.Tests.Loop;

/// <summary>Faults put into a running loop: the right rung, the right message, a safe command last.</summary>
public class LoopFaultTests
{
    private static readonly Twist2 Normal = new(0.5f, 0.1f);

    [Fact]
    public void Decide_NaNOnce_HoldsDecayingCommandAndDegrades()
    {
        var rig = new Rig();
        rig.Policy.Action = c => c.CycleId == 5 ? new Twist2(float.NaN, 0) : Normal;
        var loop = rig.Build();
        Run(loop, 6);
        Assert.Equal(StageStatus.Failed(FailureCode.NotFinite), loop.Cycle.Statuses[2]);
        Assert.Equal(Rung.Degraded, loop.Cycle.Rung);
        Assert.All(rig.Actuator.Sent, a => Assert.True(float.IsFinite(a.Linear) && Math.Abs(a.Linear) <= 0.5f));
        Assert.Contains("stage 'decide': Failed(NotFinite)", Texts(loop)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_NaNForEver_EndsOnHoldAtRest()
    {
        var rig = new Rig();
        rig.Policy.Action = c => c.CycleId >= 5 ? new Twist2(0.5f, float.PositiveInfinity) : Normal;
        var loop = rig.Build();
        Run(loop, 60);
        Assert.Equal(Rung.Hold, loop.Cycle.Rung);
        Assert.Equal(Twist2.Rest, rig.Actuator.Last);
    }

    [Fact]
    public void Perceive_Throws_IsNamedAndTheLoopGoesOn()
    {
        var rig = new Rig();
        rig.Perceiver.Status = c => c.CycleId == 3 ? throw new InvalidOperationException("model file vanished") : StageStatus.Ok;
        var loop = rig.Build();
        Run(loop, 4);
        Assert.Equal(StageStatus.Failed(FailureCode.Unhandled), loop.Cycle.Statuses[1]);
        Assert.Equal(Rung.Degraded, loop.Cycle.Rung);
        Assert.Contains("Loop 'avoid' stage 'perceive': InvalidOperationException: model file vanished", Texts(loop)[0], StringComparison.Ordinal);
        Run(loop, 400);
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
        Assert.Equal(Normal, rig.Actuator.Last);
    }

    [Fact]
    public void Act_FailsEverySecondCycle_IsToldOnceAndItsEndOnce() // a log line per cycle would bury what matters
    {
        var rig = new Rig();
        rig.Actuator.Status = c => c.CycleId is >= 5 and < 205 && c.CycleId % 2 == 0 ? StageStatus.Failed(FailureCode.Refused) : StageStatus.Ok;
        var loop = rig.Build();
        Run(loop, 300);
        var told = Texts(loop).FindAll(t => t.Contains("stage 'act'", StringComparison.Ordinal));
        Assert.Equal(["Loop 'avoid' stage 'act': Failed(Refused); the guard holds the last command.", "Loop 'avoid' stage 'act': works again."], told);
    }

    [Theory]
    [InlineData("sense")]
    [InlineData("decide")]
    [InlineData("act")]
    public void AnyStage_ThrowsForEver_NeverLeavesTheLoopAndEndsAtRest(string where)
    {
        var rig = new Rig();
        bool Broken(CycleContext c, string stage) => stage == where && c.CycleId >= 3;
        rig.Sensor.Status = c => Broken(c, "sense") ? throw new TimeoutException("gone") : StageStatus.Ok;
        rig.Policy.Action = c => Broken(c, "decide") ? throw new TimeoutException("gone") : Normal;
        rig.Actuator.Status = c => Broken(c, "act") ? throw new TimeoutException("gone") : StageStatus.Ok;
        var loop = rig.Build();
        Run(loop, 100);
        Assert.Equal(Rung.Hold, loop.Cycle.Rung);
        Assert.Equal(Twist2.Rest, loop.Cycle.Applied);
    }

    [Fact]
    public void Sensor_Stops_DegradesByAgeThenHoldsAtRestThenRecovers()
    {
        var rig = new Rig();
        rig.Sensor.Status = c => c.CycleId is >= 10 and < 100 ? StageStatus.NoOutput : StageStatus.Ok;
        var loop = rig.Build();
        Run(loop, 10);
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
        Run(loop, 14); // the newest datum is 56 ms old, limit 50 ms
        Assert.Equal(Rung.Degraded, loop.Cycle.Rung);
        Assert.Equal(RungReason.SampleAge, loop.Cycle.RungReason);
        Run(loop, 12); // 104 ms without a percept, limit 100 ms
        Assert.Equal(Rung.Hold, loop.Cycle.Rung);
        Assert.Equal(RungReason.NoPercept, loop.Cycle.RungReason);
        Run(loop, 30);
        Assert.Equal(Twist2.Rest, rig.Actuator.Last);
        Assert.Contains(Texts(loop), t => t.Contains("input is 52 ms old, limit is 50 ms; rung 0 Nominal -> 2 Degraded", StringComparison.Ordinal));
        Run(loop, 500);
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
        Assert.Equal(Normal, rig.Actuator.Last);
    }

    [Fact]
    public void Sensor_SlowerThanTheLoop_IsNoFault()
    {
        var rig = new Rig();
        rig.Sensor.Status = c => c.CycleId % 5 == 0 ? StageStatus.Ok : StageStatus.NoOutput; // 50 Hz sensor, 250 Hz loop
        var loop = rig.Build();
        Run(loop, 200);
        Assert.Equal(Rung.Nominal, loop.Statistics.WorstRung);
        Assert.All(rig.Actuator.Sent.Skip(6), a => Assert.Equal(Normal, a)); // until the second decision there is nothing to hold but rest
    }

    [Fact]
    public void SlowStage_Warn_IsReportedOncePerEpisodeAndCounts()
    {
        var (rig, _) = Slow(OnMiss.Warn, c => c.CycleId is 5 or 6 or 20 or 21);
        var loop = rig.Build();
        Run(loop, 100);
        Assert.Equal(["Loop 'avoid' stage 'perceive': took 900 us, budget is 400 us.", "Loop 'avoid' stage 'perceive': meets its budget of 400 us again."], Texts(loop));
        Assert.Equal(4, loop.Statistics.Misses);
        Assert.Equal(100, rig.Perceiver.Calls);
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
    }

    [Fact]
    public void SlowStage_Skip_IsLeftOutTheNextCycle()
    {
        var (rig, _) = Slow(OnMiss.Skip, c => c.CycleId == 5);
        var loop = rig.Build();
        Run(loop, 7);
        Assert.Equal(6, rig.Perceiver.Calls);
        Assert.Equal(StageOutcome.Skipped, loop.Cycle.Statuses[1].Outcome);
        Assert.Equal(0, loop.Cycle.Quanta[1]);
        Assert.Equal(Normal, rig.Actuator.Last);
        Run(loop, 1);
        Assert.Equal(StageOutcome.Ok, loop.Cycle.Statuses[1].Outcome);
    }

    [Fact]
    public void SlowStage_Safe_SendsSafeActionEveryCycleOfTheEpisodeAndRearms()
    {
        var (rig, _) = Slow(OnMiss.Safe, c => c.CycleId is 5 or 6 or 7);
        rig.Options = rig.Options with { Health = new HealthOptions { MissesDegraded = 11 } }; // keep the ladder out of this test
        var loop = rig.Build();
        Run(loop, 10);
        Assert.Equal(5, rig.Actuator.Sent.IndexOf(Twist2.Rest, 1)); // cycle 0 has dt 0, so the rate limit keeps it at rest
        Assert.Equal([Twist2.Rest, Twist2.Rest, Twist2.Rest], rig.Actuator.Sent.GetRange(5, 3));
        Assert.Equal(Normal, rig.Actuator.Sent[8]);
    }

    [Fact]
    public void SlowStage_Stop_LatchesSafeStop()
    {
        var (rig, _) = Slow(OnMiss.Stop, c => c.CycleId == 5);
        var loop = rig.Build();
        Run(loop, 1000);
        Assert.Equal(Rung.SafeStop, loop.Cycle.Rung);
        Assert.All(rig.Actuator.Sent.Skip(5), a => Assert.Equal(Twist2.Rest, a));
    }

    [Fact]
    public void SlowStage_OverTwiceTheBudgetInARow_CountsAsFailed()
    {
        var (rig, _) = Slow(OnMiss.Warn, c => c.CycleId is >= 5 and <= 7, killCount: 3);
        var loop = rig.Build();
        Run(loop, 7);
        Assert.Equal(StageOutcome.Ok, loop.Cycle.Statuses[1].Outcome);
        Run(loop, 1);
        Assert.Equal(StageStatus.Failed(FailureCode.Budget), loop.Cycle.Statuses[1]);
    }

    [Fact]
    public void MissedDeadlines_ThreeOfTen_DegradeThenClimbAfterDwell()
    {
        var (rig, _) = Slow(OnMiss.Warn, c => c.CycleId is 5 or 7 or 9);
        var loop = rig.Build();
        Run(loop, 11);
        Assert.Equal(Rung.Degraded, loop.Cycle.Rung);
        Assert.Equal(RungReason.DeadlineMiss, loop.Cycle.RungReason);
        Run(loop, 400); // 1.6 s: two rungs need two dwells of 500 ms after the window is clean
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
    }

    [Fact]
    public void Overrun_OneTransient_RecoversWithoutAnOperator()
    {
        var clock = new LateClock();
        var rig = new Rig { Clock = clock };
        rig.Options = rig.Options with { MeasuredDecisions = true };
        var loop = rig.Build();
        Run(loop, 20);
        clock.NextLateness = Duration.FromMilliseconds(10); // 2.5 periods
        Run(loop, 300);
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
        Assert.Equal(Normal, rig.Actuator.Last);
        Assert.Equal(2, loop.Statistics.SkippedSlots);
    }

    [Fact]
    public void SkippedOnPurpose_TenLimits_DoesNotEscalate()
    {
        var (rig, _) = Slow(OnMiss.Skip, c => c.CycleId % 2 == 0);
        rig.Options = rig.Options with { Health = new HealthOptions { MissesDegraded = 11 } };
        var loop = rig.Build();
        Run(loop, 500);
        Assert.True(loop.Cycle.Rung < Rung.Hold);
        Assert.Equal(500, loop.CompletedCycles);
    }

    [Fact]
    public void LongestPeriod_RaisesNoAlarm()
    {
        var rig = new Rig { Pacer = new FixedPacer(5) }; // 32 ms: sample ages and percept ages grow with the period
        rig.Options = rig.Options with { Health = new HealthOptions { MaxSampleAge = Duration.FromMilliseconds(5), MaxPerceptAge = Duration.FromMilliseconds(10) } };
        var loop = rig.Build();
        Run(loop, 200);
        Assert.Equal(Rung.Nominal, loop.Statistics.WorstRung);
    }

    [Theory]
    [InlineData(0.75f, Rung.Strained)]
    [InlineData(0.45f, Rung.Degraded)]
    [InlineData(0.1f, Rung.SafeStop)]
    [InlineData(float.NaN, Rung.SafeStop)]
    public void Trust_Lost_LowersTheRungAndForcesFullSensing(float trust, Rung expected)
    {
        var rig = new Rig();
        rig.Sensor.KeepRequests = true;
        var loop = rig.Build();
        Run(loop, 5);
        rig.Sensor.Trust = trust;
        Run(loop, 2);
        Assert.Equal(expected, loop.Cycle.Rung);
        Assert.Equal(RequestReason.Recover, rig.Sensor.Requests[^1].Reason);
    }

    [Fact]
    public void Actuator_Refuses_HoldsUntilItAccepts()
    {
        var rig = new Rig();
        rig.Actuator.Status = c => c.CycleId is >= 5 and < 20 ? StageStatus.Failed(FailureCode.Refused) : StageStatus.Ok;
        var loop = rig.Build();
        Run(loop, 10);
        Assert.Equal(Rung.Hold, loop.Cycle.Rung);
        Run(loop, 1000);
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
    }

    [Fact]
    public void EmergencyStop_LatchesForAThousandCyclesAndNeedsAPerson()
    {
        var rig = new Rig();
        var loop = rig.Build();
        Run(loop, 5);
        loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.EmergencyStop });
        Run(loop, 1000);
        Assert.All(rig.Actuator.Sent.Skip(5), a => Assert.Equal(Twist2.Rest, a));
        Assert.Equal(Rung.SafeStop, loop.Cycle.Rung);
        loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.ClearStop });
        Run(loop, 1000);
        Assert.Equal(Rung.Nominal, loop.Cycle.Rung);
        Assert.Equal(Normal, rig.Actuator.Last);
    }

    [Fact]
    public void StopNow_FromOutside_WinsOverEveryLaterCommand()
    {
        var rig = new Rig();
        var loop = rig.Build();
        Run(loop, 5);
        loop.StopNow();
        Assert.Equal(1, rig.Actuator.SafeCalls);
        Run(loop, 1000);
        Assert.All(rig.Actuator.Sent.Skip(5), a => Assert.Equal(Twist2.Rest, a));
        Assert.Equal(RungReason.Watchdog, loop.Cycle.RungReason);
    }

    [Fact]
    public void Finish_AlwaysSendsTheSafeActionLast()
    {
        var rig = new Rig();
        var loop = rig.Build();
        Run(loop, 5);
        loop.Finish();
        Assert.Equal(Twist2.Rest, rig.Actuator.Sent[^1]);
        Assert.True(rig.Actuator.IsSafe);
        Assert.Equal(StagePhase.Stopped, loop.Marker.Phase);
    }

    [Fact]
    public void Finish_BrokenActuator_StillMakesSafe()
    {
        var rig = new Rig();
        var loop = rig.Build();
        Run(loop, 5);
        rig.Actuator.Status = _ => throw new IOException("port closed");
        loop.Finish();
        Assert.True(rig.Actuator.SafeCalls > 0);
    }

    /// <summary>Whatever happens in whatever order: while the rung is SafeStop only safe actions leave, and every action is finite and inside the limits.</summary>
    [Fact]
    public void AnyInputSequence_SafeStopPublishesOnlySafeActions()
    {
        for (ulong seed = 1; seed <= 300; seed++)
        {
            var dice = new RandomStream(seed);
            var rig = new Rig();
            rig.Sensor.Status = _ => dice.NextInt32(10) == 0 ? StageStatus.NoOutput : dice.NextInt32(20) == 0 ? StageStatus.Failed(FailureCode.BadInput) : StageStatus.Ok;
            rig.Perceiver.Status = _ => dice.NextInt32(15) == 0 ? throw new InvalidOperationException("x") : StageStatus.Ok;
            rig.Policy.Action = _ => dice.NextInt32(8) switch { 0 => new Twist2(float.NaN, 1), 1 => new Twist2(1e30f, -1e30f), _ => new Twist2((float)dice.NextGaussian(), (float)dice.NextGaussian()) };
            rig.Actuator.Status = _ => dice.NextInt32(30) == 0 ? StageStatus.Failed(FailureCode.Refused) : StageStatus.Ok;
            var loop = rig.Build();
            for (int i = 0; i < 120; i++)
            {
                if (dice.NextInt32(40) == 0) loop.Inbox.TryWrite(new LoopInput { Kind = dice.NextInt32(2) == 0 ? LoopInputKind.EmergencyStop : LoopInputKind.ClearStop });
                rig.Sensor.Trust = dice.NextInt32(60) == 0 ? 0.1f : 1f;
                loop.RunOnce();
                var sent = rig.Actuator.Sent[^1];
                if (loop.Cycle.Rung == Rung.SafeStop) Assert.Equal(Twist2.Rest, sent);
                Assert.True(Math.Abs(sent.Linear) <= rig.Rules.MaxLinear && Math.Abs(sent.Angular) <= rig.Rules.MaxAngular, $"seed {seed} cycle {i}: {sent}");
            }
        }
    }

    private static (Rig Rig, ScriptedMeasure Measure) Slow(OnMiss onMiss, Func<CycleContext, bool> slow, int killCount = 0)
    {
        var measure = new ScriptedMeasure();
        var rig = new Rig { Measure = measure };
        rig.Options = rig.Options with
        {
            MeasuredDecisions = true,
            Stages = new Dictionary<string, StageOptions> { ["perceive"] = new() { Budget = Duration.FromMicroseconds(400), OnMiss = onMiss, BudgetKillCount = killCount } },
        };
        rig.Perceiver.Status = c =>
        {
            measure.Advance(Duration.FromMicroseconds(slow(c) ? 900 : 100));
            return StageStatus.Ok;
        };
        return (rig, measure);
    }

    private static void Run(IControlLoop loop, int cycles)
    {
        for (int i = 0; i < cycles; i++) loop.RunOnce();
    }

    private static List<string> Texts(IControlLoop loop)
    {
        var texts = new List<string>();
        while (loop.Events.TryRead(out var e)) texts.Add(e.ToText(loop.Name, loop.StageNames));
        return texts;
    }
}
