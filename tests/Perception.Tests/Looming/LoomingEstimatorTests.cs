using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

/// <summary>The estimator against scenes whose truth is exact (<see cref="AnalyticScene"/>).</summary>
public class LoomingEstimatorTests
{
    private static readonly CameraGeometry Camera = CameraGeometry.Rover;

    // Relative errors. A sector spans 4 to 7 degrees and a window covers a tenth of the range, so some per cent are inherent; 12 % for the median and
    // 35 % for nine in ten are twice what was measured when the estimator was made.
    [Theory]
    [InlineData(0.5, 0.0, 1)]
    [InlineData(0.5, 0.0, 4)]
    [InlineData(0.5, 0.0, 16)]
    [InlineData(1.0, 0.0, 4)]
    [InlineData(0.4, 0.3, 4)]
    public void Estimate_DrivingInARoom_TimesToContactAreRight(double speed, double turn, int periodMs)
    {
        var errors = new List<double>();
        var near = (Known: 0, All: 0);
        var scene = Room(1);
        Drive(scene, speed, turn, Math.Abs(turn) > 0 ? 2.5 : 2.8 / speed, periodMs, sectors =>
        {
            foreach (var s in sectors)
            {
                double truth = RoomRange(scene, scene.Heading + s.Bearing) * Math.Cos(s.Bearing) / speed;
                if (truth > 3) continue;
                near.All++;
                if (s.Confidence < 0.3f) continue;
                near.Known++;
                errors.Add(Math.Abs(s.TimeToContact - truth) / truth);
                Assert.InRange(s.Range * Math.Cos(s.Bearing) / s.TimeToContact, speed * 0.999, speed * 1.001);
            }
        });
        errors.Sort();
        Assert.True(near.Known > 0.2 * near.All, $"{near.Known} of {near.All} sectors known");
        Assert.InRange(errors[errors.Count / 2], 0, 0.12);
        Assert.InRange(errors[errors.Count * 9 / 10], 0, 0.35);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(-2.0)]
    public void Estimate_TurningInPlaceNearWalls_KnowsNoContact(double turn)
    {
        int events = 0;
        Drive(Room(3).At(3.3, 0, 0), 0, turn, 3, 4, sectors =>
        {
            foreach (var s in sectors)
            {
                Assert.Equal(0, s.Confidence);
                Assert.True(float.IsNaN(s.TimeToContact));
                events += s.EventRate > 100 ? 1 : 0;
            }
        });
        Assert.True(events > 1000, "nothing was seen: the test is empty");
    }

    [Fact]
    public void Estimate_TurningWhileCreeping_GivesNoPhantomContacts()
    {
        int known = 0, phantoms = 0;
        var scene = Room(4);
        Drive(scene, 0.1, 1.0, 4, 4, sectors =>
        {
            foreach (var s in sectors)
            {
                if (s.Confidence < 0.3f) continue;
                known++;
                // The nearest wall is 1.5 m or 15 s away.
                if (s.TimeToContact < 3) phantoms++;
            }
        });
        Assert.True(phantoms <= known / 100, $"{phantoms} of {known}");
    }

    [Fact]
    public void Estimate_FarWallOnly_GivesNoFalseAlarm()
    {
        Drive(new AnalyticScene(Camera, 5).Ground(6, 1500).Wall(30, -30, 30, 30, high: 6, perMetre: 60, stroke: 0.01), 0.5, 0, 4, 4, sectors =>
        {
            foreach (var s in sectors) Assert.False(s is { Confidence: > 0.3f, TimeToContact: < 3 }, $"{s.TimeToContact} at {s.Bearing}");
        });
    }

    [Fact]
    public void Estimate_CollisionCourse_SeesTheObstacleComing()
    {
        // It keeps a bearing of about 27 degrees to the left and meets the robot after 4 s: the time to contact is known although the thing moves.
        double speed = 0.4, time = 4;
        var scene = new AnalyticScene(Camera, 6).Wall(1.6, 0.65, 1.6, 0.95, perMetre: 250, stroke: 0.03, vy: -0.8 / time);
        var errors = new List<double>();
        Drive(scene, speed, 0, 3.2, 4, sectors =>
        {
            foreach (var s in sectors)
            {
                if (s.Confidence < 0.3f || Math.Abs(s.Bearing - Math.Atan2(0.8, 1.6)) > 0.08) continue;
                double truth = time - scene.Time;
                errors.Add(Math.Abs(s.TimeToContact - truth) / truth);
            }
        });
        errors.Sort();
        Assert.True(errors.Count > 100, $"known {errors.Count} times");
        Assert.InRange(errors[errors.Count / 2], 0, 0.25);
    }

    [Fact]
    public void Estimate_RobotStops_HoldsRangesForABoundedTime()
    {
        var estimator = new LoomingEstimator(Camera);
        var sectors = new SectorEstimate[16];
        var packet = new EventPacket(1 << 16);
        var scene = Room(7).At(1.5, 0, 0);
        for (int i = 0; i < 375; i++) Step(estimator, scene, 0.6, 0, packet, sectors);
        int middle = Array.FindIndex(sectors, s => s.Confidence == sectors.Max(t => t.Confidence));
        Assert.True(sectors[middle].Confidence > 0.3f);
        double range = RoomRange(scene, scene.Heading + sectors[middle].Bearing);
        for (int i = 0; i < 250; i++) Step(estimator, scene, 0, 0, packet, sectors); // 1 s of the 1.5 s
        Assert.Equal(0, sectors[middle].Confidence);
        Assert.True(float.IsNaN(sectors[middle].TimeToContact));
        Assert.InRange(sectors[middle].Range, range * 0.85, range * 1.15);
        for (int i = 0; i < 250; i++) Step(estimator, scene, 0, 0, packet, sectors);
        Assert.True(float.IsNaN(sectors[middle].Range));
    }

    [Fact]
    public void Estimate_WithoutMotion_TakesUnitSpeedAndKnowsNoRange()
    {
        var estimator = new LoomingEstimator(Camera);
        var sectors = new SectorEstimate[16];
        var packet = new EventPacket(1 << 16);
        var scene = Room(2);
        var errors = new List<double>();
        for (int i = 0; i < 1000; i++)
        {
            scene.Drive(0.8, 0, 4000, packet);
            estimator.Estimate(packet, default, null, sectors);
            foreach (var s in sectors)
            {
                Assert.True(float.IsNaN(s.Range));
                double truth = RoomRange(scene, scene.Heading + s.Bearing) * Math.Cos(s.Bearing) / 0.8;
                if (s.Confidence > 0.3f && truth < 3) errors.Add(Math.Abs(s.TimeToContact - truth) / truth);
            }
        }
        errors.Sort();
        Assert.True(errors.Count > 500);
        Assert.InRange(errors[errors.Count / 2], 0, 0.12);
    }

    [Fact]
    public void Estimate_EmptyPackets_KnowNothing()
    {
        var estimator = new LoomingEstimator(Camera);
        var sectors = new SectorEstimate[16];
        var packet = new EventPacket(1);
        for (int i = 0; i < 50; i++)
        {
            packet.Reset(i * 4000, i * 4000 + 4000);
            estimator.Estimate(packet, default, new Twist2(1, 0), sectors);
        }
        foreach (var s in sectors)
        {
            Assert.Equal(0, s.Confidence);
            Assert.Equal(0, s.EventRate);
            Assert.True(float.IsNaN(s.TimeToContact) && float.IsNaN(s.Range));
        }
        Assert.True(sectors[0].Bearing > 0.7f && sectors[15].Bearing < -0.7f, "sector 0 is the left edge, counter-clockwise positive");
    }

    [Fact]
    public void Estimate_BadEventsAndNumbers_AreIgnoredAndCounted()
    {
        var estimator = new LoomingEstimator(Camera);
        var sectors = new SectorEstimate[16];
        var packet = new EventPacket(16);
        packet.Reset(1000, 5000);
        packet.Append(new Event(long.MaxValue, 128, 0, 1));
        packet.Append(new Event(long.MinValue, 0, 65535, 1));
        packet.Append(new Event(long.MinValue, 5, 5, 255));
        packet.Append(new Event(long.MaxValue, 5, 5, 0));
        estimator.Estimate(packet, default, new Twist2(1, 0), sectors);
        Assert.Equal(2, estimator.IgnoredEvents);
        packet.Reset(5000, 9000);
        estimator.Estimate(packet, default, new Twist2(float.NaN, float.PositiveInfinity), sectors);
        foreach (var s in sectors) Assert.Equal(0, s.Confidence);
        packet.Reset(0, 1000); // back in time
        estimator.Estimate(packet, default, new Twist2(1, 0), sectors);
        packet.Reset(long.MaxValue / 4, long.MaxValue / 4 + 1000); // and far ahead
        estimator.Estimate(packet, default, new Twist2(1, 0), sectors);
    }

    [Fact]
    public void Estimate_OneStepOrTwoHalfSteps_Agree()
    {
        // The slots of the track and of the windows lie on absolute time; the order of searches and the filter's steps may differ.
        List<float> whole = Run(8000), halves = Run(4000);
        int compared = 0, close = 0;
        for (int i = 0; i < whole.Count; i++)
        {
            if (float.IsNaN(whole[i]) || float.IsNaN(halves[i])) continue;
            compared++;
            if (halves[i] / whole[i] is > 0.8f and < 1.25f) close++;
        }
        Assert.True(compared >= 100 && close >= 0.9 * compared, $"{close} of {compared}");

        static List<float> Run(int us)
        {
            var estimator = new LoomingEstimator(Camera);
            var sectors = new SectorEstimate[16];
            var packet = new EventPacket(1 << 16);
            var half = new EventPacket(1 << 16);
            var scene = Room(8).At(1, 0, 0);
            var times = new List<float>();
            for (int t = 0; t < 2_400_000; t += 8000)
            {
                scene.Drive(0.6, 0, 8000, packet);
                for (int at = 0; at < 8000; at += us)
                {
                    long from = packet.StartUs + at;
                    half.Reset(from, from + us);
                    foreach (var e in packet.Events) if (e.TimeUs >= from && e.TimeUs < from + us) half.Append(e);
                    estimator.Estimate(half, default, new Twist2(0.6f, 0), sectors);
                }
                if (t % 80000 == 0) times.AddRange(Array.ConvertAll(sectors, s => s.Confidence > 0.3f ? s.TimeToContact : float.NaN));
            }
            return times;
        }
    }

    [Fact]
    public void Thaw_FrozenState_ContinuesIdentically()
    {
        LoomingEstimator first = new(Camera), second = new(Camera);
        SectorEstimate[] a = new SectorEstimate[16], b = new SectorEstimate[16];
        var packet = new EventPacket(1 << 16);
        var scene = Room(9);
        for (int i = 0; i < 300; i++) Step(first, scene, 0.5, 0.2, packet, a);
        var buffer = new ArrayBufferWriter<byte>();
        first.Freeze(buffer);
        second.Thaw(buffer.WrittenSpan);
        bool known = false;
        for (int i = 0; i < 200; i++)
        {
            scene.Drive(0.5, -0.2, 4000, packet);
            first.Estimate(packet, default, new Twist2(0.5f, -0.2f), a);
            second.Estimate(packet, default, new Twist2(0.5f, -0.2f), b);
            Assert.Equal(a, b);
            Assert.Equal(DotieDetectorTests.Hash(first), DotieDetectorTests.Hash(second));
            known |= a.Any(s => s.Confidence > 0.3f);
        }
        Assert.True(known);
        var bytes = buffer.WrittenSpan.ToArray();
        Assert.Throws<InvalidDataException>(() => second.Thaw(bytes.AsSpan(0, bytes.Length - 8)));
    }

    [Fact]
    public void Estimate_AfterWarmUp_AllocatesNothing()
    {
        var estimator = new LoomingEstimator(Camera);
        var sectors = new SectorEstimate[16];
        var scene = Room(10);
        var packets = new List<EventPacket>();
        for (int i = 0; i < 400; i++)
        {
            packets.Add(new EventPacket(1 << 12));
            scene.Drive(0.5, 0.3, 4000, packets[i]);
        }
        for (int i = 0; i < 100; i++) estimator.Estimate(packets[i], default, new Twist2(0.5f, 0.3f), sectors);
        long searches = estimator.Searches;
        Assert.Equal(0, Allocations.Least(3, round =>
        {
            for (int i = 100 + round * 100, end = i + 100; i < end; i++) estimator.Estimate(packets[i], default, new Twist2(0.5f, 0.3f), sectors);
        }));
        Assert.True(estimator.Searches > searches);
    }

    [Fact]
    public void SpaceSweep_AllTwins_AgreeOnEveryCell()
    {
        var random = new RandomStream(12);
        var sweep = new SpaceSweep(61, 33, 70) { Count = 61 };
        for (int i = 0; i < 61; i++)
        {
            sweep.X0[i] = (float)random.NextDouble(-5, 40);
            sweep.Y0[i] = (float)random.NextDouble(-5, 80);
            sweep.X1[i] = (float)random.NextDouble(-9, 9);
            sweep.Y1[i] = (float)random.NextDouble(-9, 9);
        }
        (sweep.X0[0], sweep.Y0[1], sweep.X1[2]) = (33f, -0.0f, 1e30f);
        foreach (float w in new[] { 0f, 0.3f, -1f, 17.5f })
        {
            sweep.LocateScalar(w, sweep.X1);
            int[] scalar = sweep.Cells.ToArray();
            sweep.Locate128(w, sweep.X1);
            Assert.True(sweep.Cells.SequenceEqual(scalar));
            sweep.Locate256(w, sweep.X1);
            Assert.True(sweep.Cells.SequenceEqual(scalar));
        }
    }

    [Fact]
    public void SpaceSweep_Score_CountsAlignedPairsAndIgnoresOutside()
    {
        var sweep = new SpaceSweep(8, 10, 10) { Count = 6 };
        for (int i = 0; i < 6; i++) (sweep.X0[i], sweep.Y0[i], sweep.X1[i], sweep.Sign[i]) = (2.5f, 3.5f, i, 1);
        Assert.Equal(6 * 5, sweep.Score(0)); // one cell: every ordered pair agrees
        Assert.Equal(0, sweep.Score(1)); // six cells
        sweep.Sign[5] = -1;
        Assert.Equal(5 * 4 - 2 * 5, sweep.Score(0));
        Assert.Equal(0, sweep.Score(100)); // one inside, five outside, which do not count as aligned
    }

    [Fact]
    public void CameraGeometry_Bearing_IsCounterClockwiseFromTheMiddle()
    {
        var camera = new CameraGeometry(128, 128, Math.PI / 2, MountYaw: 0.25);
        Assert.Equal(64, camera.Focal, 9);
        Assert.Equal(0.25 + Math.PI / 4, camera.Bearing(-0.5), 9);
        Assert.Equal(0.25 - Math.PI / 4, camera.Bearing(127.5), 9);
        Assert.Equal(0.25, camera.Bearing(63.5), 9);
    }

    [Fact]
    public void Constructor_OptionOutsideRange_SaysWhichAndTheRule()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new LoomingEstimator(Camera, new LoomingOptions { FilterMs = 0 }));
        Assert.Contains("LoomingOptions:FilterMs is 0; must be in [1, 10000].", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoomingEstimator(new CameraGeometry(8, 8, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoomingEstimator(Camera, new LoomingOptions { LowestSlope = float.NaN }));
    }

    internal static AnalyticScene Room(ulong seed) => new AnalyticScene(Camera, seed).Ground(4, 1500)
        .Wall(4, -1.5, 4, 1.5).Wall(-4, 1.5, 4, 1.5).Wall(-4, -1.5, 4, -1.5).Wall(-4, -1.5, -4, 1.5);

    private static double RoomRange(AnalyticScene at, double bearing)
    {
        double c = Math.Cos(bearing), s = Math.Sin(bearing);
        double x = c > 0 ? (4 - at.X) / c : (-4 - at.X) / c, y = s > 0 ? (1.5 - at.Y) / s : (-1.5 - at.Y) / s;
        return Math.Min(x, y);
    }

    private static void Step(LoomingEstimator estimator, AnalyticScene scene, double speed, double turn, EventPacket packet, SectorEstimate[] sectors)
    {
        scene.Drive(speed, turn, 4000, packet);
        estimator.Estimate(packet, default, new Twist2((float)speed, (float)turn), sectors);
    }

    private static void Drive(AnalyticScene scene, double speed, double turn, double seconds, int periodMs, Action<SectorEstimate[]> check)
    {
        var estimator = new LoomingEstimator(Camera);
        var sectors = new SectorEstimate[16];
        var packet = new EventPacket(1 << 16);
        for (int ms = 0; ms < seconds * 1000; ms += periodMs)
        {
            scene.Drive(speed, turn, periodMs * 1000, packet);
            estimator.Estimate(packet, default, new Twist2((float)speed, (float)turn), sectors);
            if (ms > 400) check(sectors);
        }
    }
}
