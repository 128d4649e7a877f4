using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class RealClockTests
{
    private const long Ms = 1_000_000, Us = 1000;

    private static (RealClock Clock, ScriptedSleeper System) Make(long spinAheadUs = 150)
    {
        var system = new ScriptedSleeper { Time = 5 * Ms };
        return (new RealClock(system, Duration.FromMicroseconds(spinAheadUs)), system);
    }

    [Fact]
    public void WaitUntil_DeadlineInPast_ReturnsAtOnceWithoutSleepOrSpin()
    {
        var (clock, system) = Make();
        Assert.Equal(new WaitResult(new Stamp(5 * Ms), false), clock.WaitUntil(new Stamp(5 * Ms)));
        Assert.Equal(new WaitResult(new Stamp(5 * Ms), false), clock.WaitUntil(new Stamp(1)));
        Assert.Equal(new WaitResult(new Stamp(5 * Ms), false), clock.WaitUntil(Stamp.Never));
        Assert.Empty(system.Sleeps);
        Assert.Equal(0, system.Spins);
    }

    [Fact]
    public void WaitUntil_Ahead_SleepsToSpinAheadThenSpinsAndNeverWakesEarly()
    {
        var (clock, system) = Make();
        var result = clock.WaitUntil(new Stamp(7 * Ms));
        Assert.Equal([7 * Ms - 150 * Us], system.Sleeps);
        Assert.Equal(150 * Us / 30, system.Spins);
        Assert.InRange(result.Woke.Nanoseconds, 7 * Ms, 7 * Ms + 30);
        Assert.False(result.Interrupted);
    }

    [Fact]
    public void WaitUntil_KernelWakesLate_DoesNotSpin()
    {
        var (clock, system) = Make();
        system.LateBy = 400 * Us;
        Assert.Equal(7 * Ms + 250 * Us, clock.WaitUntil(new Stamp(7 * Ms)).Woke.Nanoseconds);
        Assert.Equal(0, system.Spins);
    }

    [Fact]
    public void WaitUntil_SignalsDuringSleep_RetriesTheSameAbsoluteDeadline()
    {
        var (clock, system) = Make();
        for (int i = 0; i < 3; i++) system.Script(error: 4, comesBackAfter: 100 * Us); // EINTR
        var result = clock.WaitUntil(new Stamp(7 * Ms));
        Assert.Equal(Enumerable.Repeat(7 * Ms - 150 * Us, 4), system.Sleeps);
        Assert.InRange(result.Woke.Nanoseconds, 7 * Ms, 7 * Ms + 30);
    }

    [Fact]
    public void WaitUntil_SleepRefused_StillReachesTheDeadline()
    {
        var (clock, system) = Make();
        for (int i = 0; i < 200_000; i++) system.Script(error: 1, comesBackAfter: 0); // EPERM from a sandbox, for ever
        var result = clock.WaitUntil(new Stamp(6 * Ms));
        Assert.InRange(result.Woke.Nanoseconds, 6 * Ms, 6 * Ms + 30);
    }

    [Fact]
    public void WaitUntil_LongWait_LooksForInterruptsEveryTenMilliseconds()
    {
        var (clock, system) = Make();
        clock.WaitUntil(new Stamp(30 * Ms));
        Assert.Equal([15 * Ms, 25 * Ms, 30 * Ms - 150 * Us], system.Sleeps);
    }

    [Fact]
    public void Interrupt_DuringAWait_EndsItBeforeTheDeadlineAndOnlyOnce()
    {
        var (clock, system) = Make();
        system.OnSleep = () =>
        {
            if (system.Sleeps.Count == 2) clock.Interrupt();
        };
        var result = clock.WaitUntil(new Stamp(500 * Ms));
        Assert.True(result.Interrupted);
        Assert.Equal(2, system.Sleeps.Count);
        Assert.False(clock.WaitUntil(new Stamp(510 * Ms)).Interrupted);
    }

    [Fact]
    public void Interrupt_NoWaitInProgress_EndsTheNextOne()
    {
        var (clock, system) = Make();
        clock.Interrupt();
        Assert.Equal(new WaitResult(new Stamp(5 * Ms), true), clock.WaitUntil(new Stamp(8 * Ms)));
        Assert.Empty(system.Sleeps);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Constructor_SpinAheadOutOfRange_SaysTheRange(int microseconds)
    {
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => new RealClock(Duration.FromMicroseconds(microseconds)));
        Assert.Contains("must be in [0, 10 ms]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Clock", "Real")]
    public void WaitUntil_OnTheMachine_NeverWakesBeforeTheDeadline()
    {
        var clock = new RealClock();
        var deadline = clock.Now;
        for (int i = 0; i < 20; i++)
        {
            deadline += Duration.FromMilliseconds(1);
            var result = clock.WaitUntil(deadline);
            Assert.True(result.Woke >= deadline);
            Assert.True(clock.Now >= result.Woke);
        }
    }

    [Fact]
    [Trait("Clock", "Real")]
    public void Sleep_OnTheMachine_UsesTheSameBaseAsTheStopwatch()
    {
        ISleeper sleeper = RealClock.HasExactSleep ? new LinuxSleeper() : new PortableSleeper();
        long start = sleeper.Now();
        Assert.Equal(0, sleeper.SleepUntil(start - 1)); // a past deadline returns at once
        if (!RealClock.HasExactSleep) return;
        Assert.Equal(0, sleeper.SleepUntil(start + 2 * Ms));
        Assert.True(sleeper.Now() >= start + 2 * Ms); // another base would have slept for hours or not at all
    }

    [Fact]
    [Trait("Clock", "Real")]
    public void WaitUntil_PortableSleeper_NeverWakesBeforeTheDeadline()
    {
        var clock = new RealClock(new PortableSleeper(), RealClock.DefaultSpinAhead);
        var deadline = clock.Now + Duration.FromMilliseconds(5);
        Assert.True(clock.WaitUntil(deadline).Woke >= deadline);
    }

    [Fact]
    [Trait("Clock", "Real")]
    public void HotCalls_OnTheMachine_AllocateNothing()
    {
        var clock = new RealClock();
        Allocations.AssertNone(() =>
        {
            clock.WaitUntil(clock.Now + Duration.FromMicroseconds(20));
            MonotonicMeasure.Instance.Now();
        });
    }
}
