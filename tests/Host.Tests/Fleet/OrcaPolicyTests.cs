using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host.Tests;

public sealed class OrcaPolicyTests
{
    private static readonly Stamp Now = Stamp.FromSeconds(10);

    [Fact]
    public void Decide_RobotComesHeadOn_BrakesWhereItIsBlind()
    {
        var free = Decide(GiveWayChoice.Blind, near: null);
        Assert.Equal((1f, 0.2f), (free.Action.Linear, free.Action.Angular));
        // 0.64 m between the discs, both at 1 m/s: without braking they touch in a third of a second. The other one takes its half.
        var met = Decide(GiveWayChoice.Blind, Near(1, -1));
        Assert.InRange(met.Action.Linear, 0f, 0.9f);
        // Only slowed down, never turned: nothing is known of walls.
        Assert.Equal(0.2f, met.Action.Angular);
        Assert.True(met.PeriodLimit <= Duration.FromMilliseconds(100));
        // Behind it, or going away, nobody is in the way.
        Assert.Equal(1f, Decide(GiveWayChoice.Blind, Near(-1.5, -1)).Action.Linear);
        Assert.Equal(1f, Decide(GiveWayChoice.Blind, Near(1.5, 1)).Action.Linear);
    }

    [Fact]
    public void Decide_NearerAndOlder_BrakesMore()
    {
        Assert.True(Decide(GiveWayChoice.Blind, Near(0.8, 0)).Action.Linear < Decide(GiveWayChoice.Blind, Near(1.6, 0)).Action.Linear);
        // What was said longer ago may be elsewhere by now.
        Assert.True(Decide(GiveWayChoice.Blind, Near(1.6, 0, age: 0.9)).Action.Linear < Decide(GiveWayChoice.Blind, Near(1.6, 0)).Action.Linear);
    }

    [Theory]
    [InlineData(GiveWayChoice.Never, false)]
    [InlineData(GiveWayChoice.Never, true)]
    [InlineData(GiveWayChoice.Blind, true)]
    public void Decide_NotItsTurn_ChangesNothing(GiveWayChoice choice, bool scans)
    {
        var decision = Decide(choice, Near(1, -1), scans ? Scan() : null);
        Assert.Equal((1f, 0.2f, Duration.Unlimited), (decision.Action.Linear, decision.Action.Angular, decision.PeriodLimit));
    }

    [Fact]
    public void Decide_WithScan_GoesRoundAndKeepsOffTheWall()
    {
        var open = Decide(GiveWayChoice.Always, Near(1.2, -0.5f), Scan()).Action;
        Assert.True(open.Angular < 0, $"it keeps to its right in the open, turned by {open.Angular}");
        // A wall close on the right, where it would go.
        var walled = Decide(GiveWayChoice.Always, Near(1.2, -0.5f), Scan(wallRight: 0.3f)).Action;
        Assert.True(walled.Angular > open.Angular, $"{walled.Angular} beside a wall, {open.Angular} without");
    }

    [Fact]
    public void Decide_BeamsThatEndAtTheRobot_AreNoWall()
    {
        // The same robot, seen by the scanner as well: it must still count as one that gives way, not as a wall that stands.
        var seen = Scan();
        for (int i = -2; i <= 2; i++) seen.Ranges[(180 + i) % 360] = 1.02f;
        Assert.Equal(Decide(GiveWayChoice.Always, Near(1.2, -0.5f), Scan()).Action, Decide(GiveWayChoice.Always, Near(1.2, -0.5f), seen).Action);
    }

    [Fact]
    public void Decide_RobotThatStands_StaysAsItIs()
    {
        var decision = Decide(GiveWayChoice.Always, Near(0.5, -1), Scan(), speed: 0);
        Assert.Equal((0f, 0.2f), (decision.Action.Linear, decision.Action.Angular));
    }

    [Fact]
    public void Decide_ManyTimes_AllocatesNothing()
    {
        var policy = new OrcaPolicy(new Fixed(1), 1, 0.18, GiveWayChoice.Always);
        var percept = Percept(Near(1, -1), Scan(wallRight: 0.4f));
        var decision = Decision<Twist2>.None;
        for (int i = 0; i < 100; i++) policy.Decide(percept, ref decision, Context);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) policy.Decide(percept, ref decision, Context);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static CycleContext Context => new() { CycleId = 1, Now = Now, Dt = Duration.FromMilliseconds(32) };

    private static Decision<Twist2> Decide(GiveWayChoice choice, Neighbourhood? near, RangeScan? scan = null, float speed = 1)
    {
        var decision = Decision<Twist2>.None;
        Assert.Equal(StageStatus.Ok, new OrcaPolicy(new Fixed(speed), 1, 0.18, choice).Decide(Percept(near, scan), ref decision, Context));
        return decision;
    }

    private static Percept Percept(Neighbourhood? near, RangeScan? scan) => new(8) { Neighbours = near, Scan = scan, Odometry = new Odometry(Now, default, new Twist2(1, 0)) };

    private static Neighbourhood Near(double x, float vx, double age = 0.05)
    {
        var near = new Neighbourhood { Key = 1, Pose = new Pose2(0, 0, 0) };
        Assert.True(near.Add(new Neighbour(2, Now - Duration.FromSeconds(age), x, 0, vx, 0, 0.18f, vx != 0)));
        return near;
    }

    // 360 beams, the first behind, the middle ahead.
    private static RangeScan Scan(float wallRight = 0)
    {
        var scan = new RangeScan(360) { Time = Now, FirstBearing = -MathF.PI, BearingStep = MathF.PI / 180, MaxRange = 8 };
        Array.Fill(scan.Ranges, 8f);
        for (int i = 60; wallRight > 0 && i < 120; i++) scan.Ranges[i] = wallRight / MathF.Cos((i - 90) * MathF.PI / 180);
        return scan;
    }

    private sealed class Fixed(float speed) : IPolicy<Percept, Twist2>
    {
        public string Name => "fixed";

        public StageStatus Decide(in Percept percept, ref Decision<Twist2> decision, in CycleContext context)
        {
            decision = Decision<Twist2>.None;
            decision.Action = new Twist2(speed, 0.2f);
            return StageStatus.Ok;
        }
    }
}
