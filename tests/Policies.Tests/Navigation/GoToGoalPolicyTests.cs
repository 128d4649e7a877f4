using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies.Tests;

public class GoToGoalPolicyTests
{
    private static readonly GoToGoalOptions NoRest = new() { StartRestSecond = 0 };

    [Fact]
    public void Decide_NoGoal_Rests()
    {
        var arena = Room();
        arena.Goal = Goal.None;
        var drive = new Drive(arena, new GoToGoalPolicy(NoRest)).For(1);
        Assert.Equal(Twist2.Rest, drive.Decision.Action);
        Assert.Equal(StageStatus.Ok, drive.Status);
        Assert.Equal(2.0, arena.X);
    }

    [Fact]
    public void Decide_GoalReached_Rests()
    {
        var arena = Room();
        arena.Goal = new Goal(1, 2.05, 4, 0.3f);
        var drive = new Drive(arena, new GoToGoalPolicy(NoRest with { LearnsFromArrivals = false })) { NewGoals = false }.For(1);
        Assert.Equal(Twist2.Rest, drive.Decision.Action);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void Decide_GoalAsideOrBehind_TurnsTowardsIt(int side)
    {
        var arena = Room();
        arena.Goal = side == 0 ? new Goal(1, 0.6, 4, 0.3f) : new Goal(1, 2, 4 + 2 * side, 0.3f);
        var drive = new Drive(arena, new GoToGoalPolicy(NoRest with { LearnsFromArrivals = false })) { NewGoals = false };
        drive.Step(Duration.FromMilliseconds(8));
        drive.Step(Duration.FromMilliseconds(8));
        if (side != 0) Assert.Equal(side, Math.Sign(drive.Decision.Action.Angular));
        else Assert.NotEqual(0, drive.Decision.Action.Angular);
        drive.For(5);
        Assert.False(arena.Collided);
        Assert.True(Math.Sqrt(Square(arena.X - arena.Goal.X) + Square(arena.Y - arena.Goal.Y)) < 0.3);
    }

    [Fact]
    public void Decide_ClosedWallBeforeGoal_NeverTouchesIt()
    {
        var arena = Room();
        arena.AddWall(5, 0, 5, 8);
        arena.Goal = new Goal(1, 8, 4, 0.3f);
        new Drive(arena, new GoToGoalPolicy(NoRest)).For(25);
        Assert.False(arena.Collided, arena.CollisionWith);
        Assert.True(arena.X < 5 - Arena.RobotRadius);
    }

    [Fact]
    public void Arena_BlindPolicy_Collides()
    {
        // The negative control of the tests above: this world does notice collisions.
        var arena = Room();
        new Drive(arena, new FixedTwistPolicy(new Twist2(1, 0))).For(15);
        Assert.True(arena.Collided);
        Assert.StartsWith("wall", arena.CollisionWith, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2.2, 0.5)]
    [InlineData(2.8, 0.5)]
    [InlineData(3.4, 0.5)]
    [InlineData(2.5, 0.8)]
    [InlineData(3.5, 0.8)]
    public void Decide_SomethingCrossesTheWay_LetsItPassAndArrives(double ahead, double speed)
    {
        var arena = Room();
        arena.Goal = new Goal(1, 8, 4, 0.3f);
        arena.RangeNoise = 0.01f;
        // It meets the straight way just when a robot that does not yield would be there.
        arena.AddDisc(2 + ahead, 4 - ahead * speed, 0.2, 0, speed);
        new Drive(arena, new GoToGoalPolicy(NoRest)) { NewGoals = true }.For(14);
        Assert.False(arena.Collided, arena.CollisionWith);
        Assert.True(arena.GoalsReached >= 1);
    }

    [Fact]
    public void Decide_SomethingRunsIntoTheRestingRobot_StepsAside()
    {
        var arena = Room();
        (arena.X, arena.Y) = (5, 4);
        arena.Goal = Goal.None;
        arena.AddDisc(8, 4.05, 0.2, -0.4, 0);
        new Drive(arena, new GoToGoalPolicy(NoRest)).For(12);
        Assert.False(arena.Collided, arena.CollisionWith);
    }

    [Fact]
    public void Decide_NothingSensedAhead_CreepsWhereFreeSightDrives()
    {
        float free = SpeedAfter(static (_, _) => 6f), unseen = SpeedAfter(static (bearing, _) => Math.Abs(bearing) < 1.2f ? float.NaN : 6f);
        Assert.True(free > 0.9f, $"speed over free ground is {free}");
        Assert.True(unseen <= new GoToGoalOptions().CreepSpeedMetrePerSecond + 1e-4f, $"speed into the unseen is {unseen}");
    }

    [Theory]
    [InlineData(0, 0.4f, 1f)]     // control: all sectors keep speaking, so the robot keeps driving
    [InlineData(16, 0f, 0.201f)]  // all fall silent (a few ahead, and it would bend round them): 0.8 times the creeping speed
    public void Decide_EventsAloneAndSectorsFallSilent_SlowsDown(int silent, float slowest, float fastest)
    {
        var policy = new GoToGoalPolicy(NoRest);
        var percept = new Percept(16) { EventCount = 1000, Goal = new Goal(1, 30, 0, 0.3f) };
        double x = 0;
        float speed = 0, before = 0;
        for (int ms = 0; ms <= 5000; ms += 8)
        {
            for (int s = 0; s < 16; s++)
            {
                bool isSilent = ms > 3500 && s < silent;
                percept.Sectors[s] = new SectorEstimate
                {
                    Bearing = (7.5f - s) * 0.1f, Range = 8, TimeToContact = speed > 0.05f && !isSilent ? 8 / speed : float.NaN, Confidence = isSilent ? 0 : 0.8f, EventRate = 5000,
                };
            }
            var now = new Stamp(ms * 1_000_000L);
            percept.Odometry = new Odometry(now, new Pose2(x, 0, 0), new Twist2(speed, 0));
            var decision = Decision<Twist2>.None;
            policy.Decide(percept, ref decision, Drive.Context((ulong)(ms / 8), now, Duration.FromMilliseconds(ms == 0 ? 0 : 8), new RandomStream(1)));
            speed = decision.Action.Linear;
            x += speed * 0.008;
            if (ms == 3496) before = speed;
        }
        Assert.True(before > 0.4f, $"speed with all sectors speaking is {before}");
        Assert.InRange(speed, slowest, fastest);
    }

    [Fact]
    public void Decide_RoverDegraded_HalvesItsSpeed()
    {
        var policy = new GoToGoalPolicy(NoRest);
        var arena = Room();
        arena.Goal = new Goal(1, 9, 4, 0.3f);
        float fastest = 0;
        for (ulong c = 0; c < 200; c++)
        {
            arena.Sense();
            var percept = arena.Percept;
            var decision = Decision<Twist2>.None;
            var context = new CycleContext { CycleId = c, Now = arena.Now, Dt = Duration.FromMilliseconds(c == 0 ? 0 : 8), Rung = Rung.Degraded, Random = new RandomStream(1) };
            policy.Decide(percept, ref decision, context);
            fastest = Math.Max(fastest, decision.Action.Linear);
            arena.Step(decision.Action, decision.Request, Duration.FromMilliseconds(8));
        }
        Assert.InRange(fastest, 0.3f, 0.5f);
    }

    [Fact]
    public void Decide_OdometryNotFinite_FailsAndRests()
    {
        var arena = Room();
        arena.Goal = new Goal(1, 8, 4, 0.3f);
        arena.Sense();
        arena.Percept.Odometry = arena.Percept.Odometry with { Pose = new Pose2(double.NaN, 0, 0) };
        var percept = arena.Percept;
        var decision = Decision<Twist2>.None;
        var status = new GoToGoalPolicy().Decide(percept, ref decision, Drive.Context(0, Stamp.Zero, Duration.Zero, new RandomStream(1)));
        Assert.Equal(StageStatus.Failed(FailureCode.NotFinite), status);
        Assert.Equal(Twist2.Rest, decision.Action);
    }

    [Fact]
    public void Decide_GoalNotFinite_RestsDegraded()
    {
        var arena = Room();
        arena.Goal = new Goal(1, double.NaN, 4, 0.3f);
        var drive = new Drive(arena, new GoToGoalPolicy()) { NewGoals = false }.For(1);
        Assert.Equal(StageStatus.Degraded, drive.Status);
        Assert.Equal(Twist2.Rest, drive.Decision.Action);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decide_AnyInputSpoilt_CommandStaysFiniteAndWithinLimits(ulong seed)
    {
        var random = new RandomStream(seed);
        var arena = Arena.Random(seed, pillars: 3, movers: 2);
        var options = new GoToGoalOptions();
        var policy = new GoToGoalPolicy(options);
        var stage = new RandomStream(9);
        float[] bad = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -1, 1e30f, -1e30f, 0];
        for (ulong c = 0; c < 3000; c++)
        {
            arena.Sense();
            var percept = arena.Percept;
            Spoil(percept, random, bad);
            var decision = Decision<Twist2>.None;
            policy.Decide(percept, ref decision, Drive.Context(c, arena.Now, Duration.FromMilliseconds(8), stage));
            Assert.InRange(decision.Action.Linear, -options.MaxSpeedMetrePerSecond, options.MaxSpeedMetrePerSecond);
            Assert.InRange(decision.Action.Angular, -options.MaxTurnRateRadianPerSecond, options.MaxTurnRateRadianPerSecond);
            Assert.False(float.IsNaN(decision.TimeToContact));
            Assert.True(decision.PeriodLimit >= Duration.Zero);
            if (percept.Scan is { } scan) (scan.FirstBearing, scan.BearingStep, scan.MaxRange) = (0, 2 * MathF.PI / scan.Ranges.Length, 6);
            for (int s = 0; s < 16; s++) percept.Sectors[s].Bearing = Arena.SectorBearing(s);
            arena.Step(decision.Action, decision.Request, Duration.FromMilliseconds(8));
        }
    }

    [Fact]
    public void Decide_WallAhead_PeriodLimitObeysTheStoppingBound()
    {
        var arena = Room();
        arena.AddWall(6, 0, 6, 8);
        arena.Goal = new Goal(1, 9, 4, 0.3f);
        var options = NoRest;
        int limited = 0;
        var drive = new Drive(arena, new GoToGoalPolicy(options))
        {
            AfterDecision = d =>
            {
                double gap = 6 - d.Arena.X - Arena.RobotRadius, v = d.Arena.Speed;
                if (v < 0.1 || Math.Abs(d.Arena.Y - 4) > 1 || Math.Abs(Math.Sin(d.Arena.Heading)) > 0.2 || gap > 1.5) return;
                // The true bound, with the margin and the table's cell as slack: the policy must never promise more.
                var bound = StoppingBound.PeriodLimit(gap / Math.Cos(d.Arena.Heading) + 0.05, v, options.DecelerationMetrePerSecondSquared, Duration.FromSeconds(options.ActuationLatencySecond));
                if (d.Decision.Action.Linear >= 0.1f && Math.Abs(d.Decision.Action.Angular) < 0.2f) Assert.True(d.Decision.PeriodLimit <= bound, $"{d.Decision.PeriodLimit} > {bound} at gap {gap:F3}, v {v:F2}");
                limited++;
            },
        };
        drive.For(10);
        Assert.False(arena.Collided);
        Assert.True(limited > 20);
    }

    [Fact]
    public void Decide_Request_IsThriftyWhenClearAndWideInDanger()
    {
        var arena = Room();
        arena.Goal = new Goal(1, 9, 4, 0.3f);
        var drive = new Drive(arena, new GoToGoalPolicy(NoRest)).For(2);
        Assert.Equal(RequestReason.Clear, drive.Decision.Request.Reason);
        Assert.Equal(RequestOrigin.Policy, drive.Decision.Request.Origin);
        Assert.Equal(1f, drive.Decision.Request.EventThreshold);
        Assert.True(drive.Decision.Request.Sectors.Population < 240);
        Assert.True(drive.Decision.Request.ExpiresCycle > drive.Cycle - 1);
        arena.AddWall(arena.X + 0.6, 0, arena.X + 0.6, 8);
        drive.For(0.3);
        Assert.Equal(RequestReason.Danger, drive.Decision.Request.Reason);
        Assert.InRange(drive.Decision.Request.EventThreshold, 0.7f, 0.95f);
        Assert.True(drive.Decision.Request.Sectors.Population >= 240);
    }

    [Fact]
    public void Decide_RunWithMovingThings_AllocatesNothing()
    {
        var arena = Arena.Random(5, pillars: 4, movers: 3);
        var policy = new GoToGoalPolicy();
        var random = new RandomStream(1);
        long allocated = 0;
        for (ulong c = 0; c < 3000; c++)
        {
            arena.Sense();
            var percept = arena.Percept;
            var decision = Decision<Twist2>.None;
            var context = Drive.Context(c, arena.Now, Duration.FromMilliseconds(c == 0 ? 0 : 8), random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            policy.Decide(percept, ref decision, context);
            var hasher = new StateHasher(0);
            policy.AddTo(ref hasher);
            // The first thousand cycles may still run code that is compiled while it runs.
            if (c > 1000) allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            arena.Step(decision.Action, decision.Request, Duration.FromMilliseconds(8));
        }
        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Constructor_InvalidOptions_ListsEveryError()
    {
        var e = Assert.Throws<ArgumentException>(() => new GoToGoalPolicy(new GoToGoalOptions { RobotRadiusMetre = -1, GridCells = 1000, MaxUnseenSecond = float.NaN }));
        Assert.Contains("GoToGoal:RobotRadiusMetre is -1; must be in [0.05, 1].", e.Message, StringComparison.Ordinal);
        Assert.Contains("GoToGoal:GridCells is 1000; must be in [32, 200].", e.Message, StringComparison.Ordinal);
        Assert.Contains("GoToGoal:MaxUnseenSecond is NaN", e.Message, StringComparison.Ordinal);
        Assert.Empty(new GoToGoalOptions().Validate());
    }

    private static double Square(double x) => x * x;

    private static Arena Room()
    {
        var arena = new Arena(7) { ScanPeriodSecond = 0.05f };
        arena.AddRoom(10, 8);
        (arena.X, arena.Y, arena.Heading) = (2, 4, 0);
        arena.Goal = new Goal(1, 8, 4, 0.3f);
        return arena;
    }

    private static float SpeedAfter(Func<float, int, float> range)
    {
        var policy = new GoToGoalPolicy(NoRest);
        var percept = new Percept(16) { Goal = new Goal(1, 8, 0, 0.3f), Scan = new RangeScan(72) { BearingStep = 2 * MathF.PI / 72, MaxRange = 6 } };
        for (int s = 0; s < 16; s++) percept.Sectors[s] = new SectorEstimate { Bearing = Arena.SectorBearing(s), TimeToContact = float.NaN, Range = float.NaN };
        var decision = Decision<Twist2>.None;
        for (int c = 0; c < 60; c++)
        {
            var now = new Stamp(c * 8_000_000L);
            percept.Odometry = new Odometry(now, default, Twist2.Rest);
            percept.Scan.Time = now;
            for (int b = 0; b < 72; b++) percept.Scan.Ranges[b] = range((float)DeterministicMath.WrapAngle(percept.Scan.Bearing(b)), b);
            decision = Decision<Twist2>.None;
            policy.Decide(percept, ref decision, Drive.Context((ulong)c, now, Duration.FromMilliseconds(c == 0 ? 0 : 8), new RandomStream(1)));
        }
        return decision.Action.Linear;
    }

    private static void Spoil(Percept percept, RandomStream random, float[] bad)
    {
        float Bad() => bad[random.NextInt32(bad.Length)];
        for (int k = 0; k < 3; k++)
        {
            ref var sector = ref percept.Sectors[random.NextInt32(16)];
            switch (random.NextInt32(5))
            {
                case 0: sector.TimeToContact = Bad(); break;
                case 1: sector.Confidence = Bad(); break;
                case 2: sector.Range = Bad(); break;
                case 3: sector.Bearing = Bad(); break;
                default: percept.Scan!.Ranges[random.NextInt32(72)] = Bad(); break;
            }
        }
        switch (random.NextInt32(40))
        {
            case 0: percept.Scan!.MaxRange = Bad(); break;
            case 1: percept.Scan!.FirstBearing = Bad(); break;
            case 2: percept.Scan!.BearingStep = Bad(); break;
            case 3: percept.AngularVelocity = Bad(); break;
            case 4: percept.Odometry = percept.Odometry with { Velocity = new Twist2(Bad(), 0) }; break;
            case 5: percept.Odometry = percept.Odometry with { Pose = new Pose2(Bad(), Bad(), Bad()) }; break;
            case 6: percept.Goal = new Goal(3, Bad(), Bad(), Bad()); break;
            default: break;
        }
    }

    private sealed class FixedTwistPolicy(Twist2 twist) : IPolicy<Percept, Twist2>
    {
        public string Name => "fixed";

        public StageStatus Decide(in Percept percept, ref Decision<Twist2> decision, in CycleContext context)
        {
            decision.Action = twist;
            return StageStatus.Ok;
        }
    }
}
