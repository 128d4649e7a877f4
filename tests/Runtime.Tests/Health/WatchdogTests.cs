using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Runtime.Tests.Loop;

namespace EdgeAutonomy.Runtime.Tests.Health;

public class WatchdogTests
{
    private const long Ms = 1_000_000;
    private static readonly WatchdogOptions Options = new() { Limit = Duration.FromMilliseconds(1000) };

    [Fact]
    public void Check_NoProgress_ClimbsThroughAllLevelsAndNamesTheStage()
    {
        var rig = new Rig();
        var loop = rig.Build();
        StallReport? report = null;
        var detector = new StallDetector(loop, Options);
        for (int i = 0; i < 3; i++) loop.RunOnce();
        Assert.Null(detector.Check(0));
        // The check happens from inside the stage, as if another thread looked while it hangs.
        rig.Perceiver.Status = _ =>
        {
            Assert.Null(detector.Check(999 * Ms));
            Assert.Equal(StallLevel.Warning, detector.Check(1000 * Ms)!.Level);
            Assert.Null(detector.Check(1500 * Ms));
            Assert.Equal(StallLevel.Unhealthy, detector.Check(2001 * Ms)!.Level);
            report = detector.Check(3000 * Ms);
            return StageStatus.Ok;
        };
        loop.RunOnce();
        Assert.Equal("Loop 'avoid' stalled for 3 s in stage 'perceive' (Run), last completed cycle 2: actuator made safe, the process ends with 71.", report!.ToString());
        Assert.Null(detector.Check(3001 * Ms));
        Assert.Equal(StallLevel.None, detector.Level);
    }

    [Theory]
    [InlineData(Rung.Nominal)]
    [InlineData(Rung.Strained)]
    [InlineData(Rung.Degraded)]
    [InlineData(Rung.Hold)]
    [InlineData(Rung.SafeStop)]
    public void Check_HungStage_ReachesStopInEveryRung(Rung rung)
    {
        var rig = new Rig();
        var loop = rig.Build();
        for (int i = 0; i < 30; i++)
        {
            rig.Sensor.Trust = rung switch { Rung.Strained => 0.7f, Rung.Degraded => 0.4f, Rung.SafeStop => 0.1f, _ => 1f };
            if (rung == Rung.Hold) rig.Perceiver.Status = _ => StageStatus.Failed(FailureCode.BadInput);
            loop.RunOnce();
        }
        Assert.Equal(rung, loop.Cycle.Rung);
        var detector = new StallDetector(loop, Options);
        detector.Check(0);
        rig.Sensor.Status = _ =>
        {
            Assert.Equal(StallLevel.Stop, detector.Check(3000 * Ms)!.Level);
            return StageStatus.Ok;
        };
        loop.RunOnce();
    }

    [Fact]
    public void Limit_ScalesWithTheLongestPeriod()
    {
        var rig = new Rig();
        rig.Options = rig.Options with { Grid = new PeriodGrid(Duration.FromMilliseconds(100), 5) }; // up to 1.6 s
        var loop = rig.Build();
        loop.RunOnce();
        var detector = new StallDetector(loop, Options);
        Assert.Equal(Duration.FromMilliseconds(4800), detector.Limit);
        Assert.Null(detector.Check(0));
        Assert.Null(detector.Check(4799 * Ms));
        Assert.NotNull(detector.Check(4800 * Ms));
    }

    [Fact]
    public void Check_StoppedLoop_IsNoStall()
    {
        var loop = new Rig().Build();
        loop.RunOnce();
        loop.Finish();
        var detector = new StallDetector(loop, Options);
        Assert.Null(detector.Check(0));
        Assert.Null(detector.Check(100_000 * Ms));
    }

    /// <summary>The real thing: a loop thread that hangs in a stage is made safe by the watchdog's own thread, and stays safe when it comes back.</summary>
    [Fact]
    [Trait("Clock", "Real")]
    public void Watchdog_HungLoopThread_MakesActuatorSafeAndReportsStop()
    {
        using var hang = new ManualResetEventSlim();
        using var stopped = new ManualResetEventSlim();
        var clock = new RealClock();
        var rig = new Rig { Clock = clock };
        rig.Options = rig.Options with { MeasuredDecisions = true };
        rig.Policy.Action = c =>
        {
            if (c.CycleId == 20) hang.Wait();
            return new Twist2(0.5f, 0);
        };
        var loop = rig.Build(start: false);
        using var thread = new LoopThread(loop, clock);
        StallReport? last = null;
        thread.Start();
        using (new Watchdog([loop], new WatchdogOptions { Limit = Duration.FromMilliseconds(100) }, r =>
        {
            last = r;
            if (r.Level == StallLevel.Stop) stopped.Set();
        }))
        {
            Assert.True(stopped.Wait(20_000), "the watchdog did not report the stop");
            Assert.Equal("decide", last!.Stage);
            Assert.True(rig.Actuator.SafeCalls > 0);
            Assert.Equal(Twist2.Rest, rig.Actuator.Last);
            hang.Set();
            Assert.True(SpinWait.SpinUntil(() => loop.CompletedCycles > 30, 20_000));
            Assert.Equal(Twist2.Rest, rig.Actuator.Last);
        }
    }

    [Fact]
    [Trait("Clock", "Real")]
    public void LoopThread_Stop_SendsTheSafeActionLast()
    {
        var clock = new RealClock();
        var rig = new Rig { Clock = clock };
        var loop = rig.Build(start: false);
        var thread = new LoopThread(loop, clock);
        thread.Start();
        Assert.True(SpinWait.SpinUntil(() => loop.CompletedCycles > 10, 20_000));
        Assert.True(thread.Stop(Duration.FromSeconds(20)));
        Assert.False(thread.IsAlive);
        Assert.Null(thread.Error);
        Assert.Equal(Twist2.Rest, rig.Actuator.Sent[^1]);
        Assert.Contains(new Twist2(0.5f, 0.1f), rig.Actuator.Sent);
    }

    [Fact]
    [Trait("Clock", "Real")]
    public void LoopThread_HangingStage_StopGivesUpAndMakesSafe()
    {
        using var inside = new ManualResetEventSlim();
        using var hang = new ManualResetEventSlim();
        var clock = new RealClock();
        var rig = new Rig { Clock = clock };
        rig.Perceiver.Status = c =>
        {
            if (c.CycleId == 5)
            {
                inside.Set();
                hang.Wait();
            }
            return StageStatus.Ok;
        };
        var loop = rig.Build(start: false);
        var thread = new LoopThread(loop, clock);
        thread.Start();
        Assert.True(inside.Wait(20_000));
        Assert.False(thread.Stop(Duration.FromMilliseconds(50)));
        Assert.True(rig.Actuator.SafeCalls > 0);
        hang.Set();
        Assert.True(SpinWait.SpinUntil(() => !thread.IsAlive, 20_000));
        Assert.Equal(Twist2.Rest, rig.Actuator.Last);
    }

    [Fact]
    public void LoopThread_PrepareThrows_EndsBeforeAnythingMoves()
    {
        var clock = new RealClock();
        var rig = new Rig { Clock = clock };
        using var ended = new ManualResetEventSlim();
        var thread = new LoopThread(rig.Build(start: false), clock, () => throw new InvalidOperationException("no real-time rights"), _ => ended.Set());
        thread.Start();
        Assert.True(ended.Wait(20_000));
        Assert.Equal("no real-time rights", thread.Error!.Message);
        Assert.All(rig.Actuator.Sent, a => Assert.Equal(Twist2.Rest, a));
    }
}
