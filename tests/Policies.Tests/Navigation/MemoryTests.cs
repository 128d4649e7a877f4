using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies.Tests;

public class MemoryTests
{
    [Fact]
    public void Map_UnseenCell_IsNeitherSeenNorOccupied()
    {
        var map = Map();
        int i = map.IndexAt(1, 1);
        Assert.False(map.IsOccupied(i, 0));
        Assert.True(map.UnseenMs(i, 0) > 1_000_000);
    }

    [Fact]
    public void Map_Obstacle_IsForgottenAfterItsLifeAndKeepsItsPlaceWhenTheWindowMoves()
    {
        var map = Map();
        map.MarkObstacle(1.03, -2.07, 100, 1000);
        map.Follow(2.5, 1.5);
        int i = map.IndexAt(1.03, -2.07);
        Assert.True(map.IsOccupied(i, 1099));
        Assert.False(map.IsOccupied(i, 1100));
        // A place within a cell is kept to a 256th of the cell.
        Assert.Equal(1.03, map.OriginX * 0.125 + map.PointX(i), 0.125 / 256);
        Assert.Equal(-2.07, map.OriginY * 0.125 + map.PointY(i), 0.125 / 256);
        Assert.False(map.IsOccupied(map.IndexAt(1.03 + 1.5, -2.07), 500));
    }

    [Fact]
    public void Map_Sweep_ClearsOnlyWhatWasLookedThrough()
    {
        var map = Map();
        map.MarkObstacle(1, 0, 0, 10000);
        map.MarkObstacle(-1, 0, 0, 10000);
        float[] clear = new float[ObstacleMap.Bins], seen = new float[ObstacleMap.Bins], against = new float[ObstacleMap.Bins];
        Array.Fill(against, float.PositiveInfinity);
        // The robot looks along +y of its own frame, heading −90°: that is +x of the map.
        for (int b = 16; b <= 20; b++) (clear[b], seen[b]) = (2, 2.5f);
        for (int k = 0; k < ObstacleMap.RowSlices; k++) map.Sweep(0, 0, -Math.PI / 2, clear, against, seen, 50);
        Assert.False(map.IsOccupied(map.IndexAt(1, 0), 60));
        Assert.True(map.IsOccupied(map.IndexAt(-1, 0), 60));
        Assert.Equal(10, map.UnseenMs(map.IndexAt(2.3, 0), 60));
        Assert.True(map.UnseenMs(map.IndexAt(0, 1.5), 60) > 1_000_000);
    }

    [Fact]
    public void Map_ForgetFar_KeepsWhatStandsBesideTheRobotAndForgetsTheRest()
    {
        var map = Map();
        map.MarkObstacle(0.3, 0, 0, 10000);
        map.MarkObstacle(1, 0, 0, 10000);
        map.ForgetFar(0, 0, 0.4f);
        Assert.True(map.IsOccupied(map.IndexAt(0.3, 0), 10));
        Assert.False(map.IsOccupied(map.IndexAt(1, 0), 10));
        Assert.True(map.UnseenMs(map.IndexAt(0.3, 0), 10) > 1_000_000);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Surroundings_SectorsSilentWhileDriving_AreUnknownFromThreeInARow(int silent, bool known)
    {
        var options = new GoToGoalOptions();
        var surroundings = new Surroundings(options);
        var sensing = new SensingPlanner(options);
        var percept = new Percept(16) { EventCount = 1000 };
        for (int ms = 8; ms <= 1000; ms += 8)
        {
            for (int s = 0; s < 16; s++)
            {
                bool isSilent = ms > 500 && s >= 7 && s < 7 + silent;
                percept.Sectors[s] = new SectorEstimate
                {
                    Bearing = (7.5f - s) * 0.1f, Range = 2, TimeToContact = 4, Confidence = isSilent ? 0 : 0.8f,
                };
            }
            surroundings.Update(percept, default, new Twist2(0.5f, 0), sensing, 0.008, ms);
            // Four tenths of a second of silence must pass first.
            if (ms == 800) Assert.True(surroundings.IsKnown(0, 0.35f, 0.4f));
        }
        Assert.Equal(known, surroundings.IsKnown(0, 0.35f, 0.4f));
        // Outside the view nothing is known.
        Assert.False(surroundings.IsKnown(1.5f, 0.35f, 0.4f));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(32)]
    public void Map_Evidence_CountsTimeNotCalls(int periodMs)
    {
        var map = Map();
        int at = 0;
        // Half confidence needs twice the 30 ms of full confidence, whatever the period: found within one period of that.
        while (!map.IsOccupied(map.IndexAt(1, 1), at) && at < 1000)
        {
            at += periodMs;
            map.AddEvidence(1, 1, 0.5f * periodMs * 1e-3f, at, 5000);
        }
        Assert.InRange(at, 59, 60 + periodMs);
    }

    [Fact]
    public void Tracker_MovingDisc_FindsItsVelocity_AndPillarsStand()
    {
        var tracker = new ObjectTracker();
        var arena = new Arena(3) { RangeNoise = 0.01f };
        arena.AddRoom(10, 8);
        (arena.X, arena.Y, arena.Speed) = (3, 4, 0.5);
        arena.AddDisc(5, 3.5, 0.2, 0.1, 0.4);
        arena.AddDisc(5, 5.5, 0.2);
        float[] x = new float[72], y = new float[72], r = new float[72];
        var moving = new bool[72];
        for (int ms = 50; ms <= 1500; ms += 50)
        {
            arena.Step(new Twist2(0.5f, 0), SensingRequest.None, Duration.FromMilliseconds(50), newGoals: false);
            for (int b = 0; b < 72; b++)
            {
                double a = arena.Heading + arena.Percept.Scan!.Bearing(b);
                r[b] = arena.Percept.Scan.Ranges[b] >= 6 ? float.PositiveInfinity : arena.Percept.Scan.Ranges[b];
                (x[b], y[b]) = ((float)(arena.X + r[b] * Math.Cos(a)), (float)(arena.Y + r[b] * Math.Sin(a)));
            }
            tracker.Update(x, y, r, moving, (float)arena.X, (float)arena.Y, 2 * MathF.PI / 72, true, ms);
        }
        int movers = 0;
        foreach (ref readonly var o in tracker.Objects)
        {
            if (o.Sightings == 0) continue;
            if (Math.Abs(o.Y - 5.5f) < 0.4f) Assert.False(o.IsMoving, $"pillar moves at {o.VelocityX:F2}, {o.VelocityY:F2}");
            if (!o.IsMoving) continue;
            movers++;
            // Beams 5° apart place the disc to about 0.1 m; over a second that is 0.2 m/s.
            Assert.Equal(0.1, o.VelocityX, 0.2);
            Assert.Equal(0.4, o.VelocityY, 0.2);
        }
        Assert.Equal(1, movers);
        Assert.Contains(true, moving);
    }

    [Fact]
    public void Reckoning_BiasedGyroAndUnequalWheels_KeepsTheHeading()
    {
        const double bias = 0.008, wrongTurn = 0.02;
        var reckoning = new DeadReckoning(useGyro: true);
        var noise = new RandomStream(5);
        double wheelHeading = 0, x = 0;
        for (int k = 0; k < 7500; k++)
        {
            double v = k < 125 ? 0 : 0.5, w = wrongTurn * v;
            wheelHeading += w * 0.008;
            x += v * 0.008;
            // True motion: straight on. The wheels claim a turn, the gyroscope its bias and noise.
            var odometry = new Odometry(new Stamp(k * 8_000_000L), new Pose2(x, 0, wheelHeading), new Twist2((float)v, (float)w));
            Assert.True(reckoning.Update(odometry, (float)(bias + 0.01 * noise.NextGaussian()), k == 0 ? 0 : 0.008) || k == 0);
        }
        Assert.InRange(Math.Abs(wheelHeading), 0.5, 1);
        // Learnt over 0.9 s of rest: 0.01·√(0.008/0.9) ≈ 0.001 rad/s, times 59 s, three sigma.
        Assert.InRange(reckoning.Pose.Heading, -0.18, 0.18);
        Assert.InRange(reckoning.BiasDeviation, 0, 0.0015);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(128)]
    [InlineData(512)]
    public void Reckoning_WindingWayLookedAtSeldom_EndsWhereTheRobotIs(int periodMs)
    {
        const double bias = 0.01, wheelError = 0.03;
        var reckoning = new DeadReckoning(useGyro: true);
        double x = 0, y = 0, heading = 0, wheelX = 0, wheelY = 0, wheelHeading = 0, turned = 0;
        for (int ms = 0; ms <= 20480; ms++)
        {
            // A second of rest for the bias, then an S without end; the rate at a look is not the rate between looks.
            double v = ms < 1024 ? 0 : 0.6, w = ms < 1024 ? 0 : 1.2 * DeterministicMath.Sin(ms * 0.004);
            if (ms > 0)
            {
                x += v * 1e-3 * DeterministicMath.Cos(heading + 0.5e-3 * w);
                y += v * 1e-3 * DeterministicMath.Sin(heading + 0.5e-3 * w);
                double wheelTurn = w + wheelError * v;
                wheelX += v * 1e-3 * DeterministicMath.Cos(wheelHeading + 0.5e-3 * wheelTurn);
                wheelY += v * 1e-3 * DeterministicMath.Sin(wheelHeading + 0.5e-3 * wheelTurn);
                (heading, wheelHeading, turned) = (heading + 1e-3 * w, wheelHeading + 1e-3 * wheelTurn, turned + 1e-3 * w);
            }
            if (ms % periodMs != 0) continue;
            double dt = ms == 0 ? 0 : periodMs * 1e-3;
            var odometry = new Odometry(new Stamp(ms * 1_000_000L), new Pose2(wheelX, wheelY, DeterministicMath.WrapAngle(wheelHeading)), new Twist2((float)v, (float)w));
            reckoning.Update(odometry, (float)(bias + (dt > 0 ? turned / dt : 0)), dt);
            turned = 0;
        }
        // The wheels alone are far off; of the gyroscope's bias 512 ms at a time leave less than 2 mrad/s, 40 mrad over 20 s.
        Assert.InRange(Math.Sqrt((wheelX - x) * (wheelX - x) + (wheelY - y) * (wheelY - y)), 0.8, 10);
        Assert.InRange(Math.Sqrt((reckoning.Pose.X - x) * (reckoning.Pose.X - x) + (reckoning.Pose.Y - y) * (reckoning.Pose.Y - y)), 0, 0.25);
        Assert.InRange(Math.Abs(DeterministicMath.WrapAngle(reckoning.Pose.Heading - heading)), 0, 0.04);
    }

    [Fact]
    public void Reckoning_PoseJumps_TakesItOverAndSaysSo()
    {
        var reckoning = new DeadReckoning(useGyro: true);
        reckoning.Update(new Odometry(Stamp.Zero, new Pose2(1, 2, 0), Twist2.Rest), 0, 0);
        Assert.True(reckoning.Update(new Odometry(Stamp.Zero, new Pose2(1.01, 2, 0), Twist2.Rest), 0, 0.01));
        Assert.False(reckoning.Update(new Odometry(Stamp.Zero, new Pose2(4, 2, 1), Twist2.Rest), 0, 0.01));
        Assert.Equal(new Pose2(4, 2, 1), reckoning.Pose);
    }

    private static ObstacleMap Map()
    {
        var map = new ObstacleMap(80, 0.125f);
        map.Follow(0, 0);
        return map;
    }
}
