using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Runtime.Tests;

public class SimClockTests
{
    [Fact]
    public void WaitUntil_HoursAhead_JumpsWithoutSleeping()
    {
        // If it slept, this test would take ten years.
        var clock = new SimClock();
        var deadline = Stamp.Zero;
        for (int i = 0; i < 87_600; i++)
        {
            deadline += Duration.FromSeconds(3600);
            Assert.Equal(new WaitResult(deadline, false), clock.WaitUntil(deadline));
        }
        Assert.Equal(deadline, clock.Now);
    }

    [Fact]
    public void WaitUntil_Past_NeverMovesTimeBack()
    {
        var clock = new SimClock(new Stamp(100));
        Assert.Equal(new WaitResult(new Stamp(100), false), clock.WaitUntil(new Stamp(40)));
        clock.AdvanceTo(new Stamp(70));
        Assert.Equal(new Stamp(100), clock.Now);
    }

    [Fact]
    public void HotCalls_AnyNumber_AllocateNothing()
    {
        var clock = new SimClock();
        Allocations.AssertNone(() => clock.WaitUntil(clock.Now + new Duration(1000)));
    }
}
