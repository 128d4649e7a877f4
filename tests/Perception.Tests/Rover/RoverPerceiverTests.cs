using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Perception.Tests;

public class RoverPerceiverTests
{
    [Fact]
    public void Perceive_Sample_PassesOnWhatThePolicyNeeds()
    {
        var perceiver = new RoverPerceiver();
        var percept = perceiver.CreatePercept();
        var sample = Sample(360);
        sample.Goal = new Goal(3, 1, 2, 0.5f);
        sample.Imu = new ImuSample(Stamp.Zero, 0, 0, 0.25f);
        sample.Odometry = new Odometry(Stamp.Zero, new Pose2(1, 2, 3), new Twist2(0.5f, 0.2f));
        sample.Events.Append(new Event(1, 5, 5, 1));
        Assert.Equal(StageStatus.Ok, perceiver.Perceive(sample, ref percept, Context(0)));
        Assert.Equal(sample.Goal, percept.Goal);
        Assert.Equal(sample.Odometry, percept.Odometry);
        Assert.Equal(0.25f, percept.AngularVelocity);
        Assert.Same(sample.Scan, percept.Scan);
        Assert.Equal(1, percept.EventCount);
        Assert.Equal(16, percept.Sectors.Length);
    }

    [Theory]
    [InlineData(0.0, 1.0)] // beam 0 straight ahead, counter-clockwise all around
    [InlineData(-180.0, 1.0)] // beam 0 behind
    [InlineData(180.0, -1.0)] // clockwise
    public void Perceive_RangeScan_GivesEachSectorItsNearestSensedBeam(double firstDegrees, double stepDegrees)
    {
        var perceiver = new RoverPerceiver();
        var percept = perceiver.CreatePercept();
        var sample = Sample(360);
        sample.Scan.FirstBearing = (float)(firstDegrees * Math.PI / 180);
        sample.Scan.BearingStep = (float)(stepDegrees * Math.PI / 180);
        sample.Scan.MaxRange = 8;
        sample.Scan.Time = Stamp.Zero;
        for (int beam = 0; beam < 360; beam++)
        {
            double degrees = Wrap(firstDegrees + beam * stepDegrees);
            sample.Scan.Ranges[beam] = degrees switch
            {
                > 38 and < 50 => float.NaN, // not sensed
                > 19.5 and < 20.5 => 1.25f, // one thin thing to the left
                < -40 and > -50 => 0.5f,
                _ => 8f,
            };
        }
        perceiver.Perceive(sample, ref percept, Context(0));
        for (int s = 0; s < 16; s++)
        {
            double left = Edge(s), right = Edge(s + 1);
            float expected = left > 44.9 && right >= 40 ? float.NaN : left > 20 && right < 20 ? 1.25f : right < -44 ? 0.5f : 8f;
            if (left is > 38 and < 45) continue; // partly sensed
            if (right is < -40 and > -44) expected = 0.5f;
            Assert.Equal(expected, percept.Sectors[s].Range);
        }

        static double Edge(int s) => Math.Atan((8 - s) / 8.0) * 180 / Math.PI;
        static double Wrap(double degrees) => degrees - 360 * Math.Floor((degrees + 180) / 360);
    }

    [Theory]
    [InlineData(PerceptionKind.Spiking)]
    [InlineData(PerceptionKind.Dotie)]
    public void Perceive_NoScanYet_LeavesRangesUnknown(PerceptionKind kind)
    {
        var perceiver = Make(kind);
        var percept = perceiver.CreatePercept();
        perceiver.Perceive(Sample(0), ref percept, Context(0));
        Assert.Null(percept.Scan);
        Assert.All(percept.Sectors, s => Assert.True(float.IsNaN(s.Range)));
        perceiver.Perceive(Sample(36), ref percept, Context(1));
        Assert.All(percept.Sectors, s => Assert.True(float.IsNaN(s.Range)));
    }

    [Theory]
    [InlineData(PerceptionKind.Spiking)]
    [InlineData(PerceptionKind.Dotie)]
    public void Perceive_NotANumberFromOdometryOrGyro_IsDegradedAndKnowsNoContact(PerceptionKind kind)
    {
        var perceiver = Make(kind);
        var percept = perceiver.CreatePercept();
        var sample = Sample(0);
        sample.Imu = new ImuSample(Stamp.Zero, 0, 0, float.NaN);
        Assert.Equal(StageStatus.Degraded, perceiver.Perceive(sample, ref percept, Context(0)));
        Assert.All(percept.Sectors, s => Assert.Equal(0, s.Confidence));
    }

    [Fact]
    public void Perceive_Spiking_NetworkHasItsPart()
    {
        var samples = Samples(200);
        var (spiking, dotie) = (Make(PerceptionKind.Spiking), Make(PerceptionKind.Dotie));
        var (a, b) = (spiking.CreatePercept(), dotie.CreatePercept());
        int filled = 0, changed = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            spiking.Perceive(samples[i], ref a, Context(i));
            dotie.Perceive(samples[i], ref b, Context(i));
            Assert.Equal(b.Boxes.Length, a.Boxes.Length);
            for (int s = 0; s < a.Sectors.Length; s++)
            {
                if (b.Sectors[s].Confidence == 0 && a.Sectors[s].Confidence > 0) filled++;
                if (b.Sectors[s].Confidence > 0 && a.Sectors[s].Range != b.Sectors[s].Range) changed++;
            }
        }
        Assert.Null(dotie.Contact);
        Assert.True(spiking.Contact!.Motion.Counters.Spikes > 1000);
        Assert.True(filled > 20 && changed > 200, $"{filled} sectors filled, {changed} changed");
    }

    [Fact]
    public void Constructor_KernelOfAnotherTraining_IsUsed()
    {
        var samples = Samples(100);
        var own = new RoverPerceiver(new RoverPerceiverOptions { Kernel = MotionScenes.RandomKernel(3, 500) });
        var (percept, hasher) = (own.CreatePercept(), new StateHasher(0));
        for (int i = 0; i < samples.Count; i++)
        {
            own.Perceive(samples[i], ref percept, Context(i));
            percept.AddTo(ref hasher);
            own.AddTo(ref hasher);
        }
        Assert.NotEqual(Run(PerceptionKind.Spiking, samples, thawAt: -1), hasher.Value);
    }

    [Fact]
    public void Constructor_SectorsThatDiffer_AreRefused()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new RoverPerceiver(new RoverPerceiverOptions { Contact = new MotionContactOptions { Sectors = 8 } }));
        Assert.Contains("Sectors is 8; must be as many as the looming estimator's, 16", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RoverPerceiver(new RoverPerceiverOptions { Kind = (PerceptionKind)7 }));
    }

    [Fact]
    public void Thaw_StateOfTheOtherKind_IsRefused()
    {
        foreach (var kind in Enum.GetValues<PerceptionKind>())
        {
            var buffer = new ArrayBufferWriter<byte>();
            Make(kind).Freeze(buffer);
            Assert.Throws<InvalidDataException>(() => Make(kind == PerceptionKind.Dotie ? PerceptionKind.Spiking : PerceptionKind.Dotie).Thaw(buffer.WrittenSpan));
        }
    }

    [Fact]
    public void Perceive_PerceptOfOtherSize_Fails()
    {
        var percept = new Percept(8);
        Assert.Equal(StageStatus.Failed(FailureCode.BadInput), new RoverPerceiver().Perceive(Sample(0), ref percept, Context(0)));
        Assert.Equal(StageStatus.Failed(FailureCode.BadInput), EventPerceiver.ForSensor(64, 64).Perceive(new EventPacket(1), ref percept, Context(0)));
    }

    [Theory]
    [InlineData(PerceptionKind.Spiking)]
    [InlineData(PerceptionKind.Dotie)]
    public void Perceive_AfterWarmUp_AllocatesNothing(PerceptionKind kind)
    {
        var (perceiver, samples) = (Make(kind), Samples(300));
        var percept = perceiver.CreatePercept();
        for (int i = 0; i < 75; i++) perceiver.Perceive(samples[i], ref percept, Context(i));
        Assert.Equal(0, Allocations.Least(3, round =>
        {
            for (int i = 75 + round * 75, end = i + 75; i < end; i++) perceiver.Perceive(samples[i], ref percept, Context(i));
        }));
        Assert.Equal(0, Allocations.Least(3, _ =>
        {
            var hasher = new StateHasher(0);
            perceiver.AddTo(ref hasher);
        }));
    }

    [Theory]
    [InlineData(PerceptionKind.Spiking)]
    [InlineData(PerceptionKind.Dotie)]
    public void Perceive_SameSamples_SamePerceptsAndStates(PerceptionKind kind)
    {
        var samples = Samples(200);
        Assert.Equal(Run(kind, samples, thawAt: -1), Run(kind, samples, thawAt: -1));
    }

    [Theory]
    [InlineData(PerceptionKind.Spiking)]
    [InlineData(PerceptionKind.Dotie)]
    public void Thaw_FrozenState_ContinuesIdentically(PerceptionKind kind)
    {
        var samples = Samples(200);
        Assert.Equal(Run(kind, samples, thawAt: -1), Run(kind, samples, thawAt: 120));
    }

    [Theory]
    [InlineData(PerceptionKind.Spiking)]
    [InlineData(PerceptionKind.Dotie)]
    public void AddTo_OtherInput_GivesAnotherHash(PerceptionKind kind)
    {
        var samples = Samples(60);
        var hash = Run(kind, samples, thawAt: -1);
        samples[30].Events.Append(new Event(samples[30].Events.StartUs + 10, 60, 60, 1));
        Assert.NotEqual(hash, Run(kind, samples, thawAt: -1));
    }

    [SkippableTheory]
    [InlineData("gen3_640x480_evt2_50ms.raw", 640, 480)]
    [InlineData("gen41_1280x720_evt3_9ms.raw", 1280, 720)]
    public void EventPerceiver_RealRecording_FindsBoxesInsideTheSensor(string file, int width, int height)
    {
        var events = RawRecording.Read(EdgeAutonomy.Tests.SharedData.Require("events/prophesee/" + file));
        var perceiver = EventPerceiver.ForSensor(width, height);
        var percept = perceiver.CreatePercept();
        var packet = new EventPacket(1 << 17);
        int boxes = 0, at = 0;
        long start = events[0].TimeUs;
        for (int n = 0; at < events.Count; n++)
        {
            packet.Reset(start + n * 2000, start + n * 2000 + 2000);
            while (at < events.Count && events[at].TimeUs < packet.EndUs) packet.Append(events[at++]);
            Assert.Equal(StageStatus.Ok, perceiver.Perceive(packet, ref percept, Context(n)));
            foreach (var box in percept.Boxes)
            {
                boxes++;
                Assert.True(box.Right < width && box.Bottom < height && box.Left <= box.Right && box.Top <= box.Bottom && box.Pixels >= 10);
            }
        }
        Assert.True(boxes >= 4, $"{boxes} boxes");
        Assert.Equal(0, perceiver.Dotie.IgnoredEvents);
    }

    [SkippableFact]
    public void EventPerceiver_RecordingOnSmallerSensor_IgnoresAndCountsTheRest()
    {
        var events = RawRecording.Read(EdgeAutonomy.Tests.SharedData.Require("events/prophesee/gen3_640x480_evt2_50ms.raw"));
        var perceiver = EventPerceiver.ForSensor(320, 240);
        var percept = perceiver.CreatePercept();
        var packet = new EventPacket(1 << 20);
        packet.Reset(events[0].TimeUs, events[^1].TimeUs + 1);
        foreach (var e in events) packet.Append(e);
        perceiver.Perceive(packet, ref percept, Context(0));
        long outside = events.LongCount(e => e.X >= 320 || e.Y >= 240);
        Assert.True(outside > 0);
        Assert.Equal(outside, perceiver.Dotie.IgnoredEvents);
        Assert.Equal(outside, perceiver.Looming.IgnoredEvents);
    }

    [Theory]
    [InlineData(PerceptionKind.Dotie, "4E509F2535FA95C1")]
    [InlineData(PerceptionKind.Spiking, "36CADA45ADFE93CF")]
    public void Perceive_FixedScene_GivesTheSameHashOnEveryMachine(PerceptionKind kind, string expected)
    {
        // Made on x86-64 with AVX-512; the same with AVX-512, AVX2 or all intrinsics switched off (DOTNET_Enable…=0). The scene is drawn with
        // whole-number arithmetic and DeterministicMath only, so that the input itself is the same everywhere.
        var perceiver = Make(kind);
        var percept = perceiver.CreatePercept();
        var random = new RandomStream(77);
        var sample = new RoverSample(4096, 0);
        var hasher = new StateHasher(0);
        for (int cycle = 0; cycle < 150; cycle++)
        {
            sample.Events.Reset(cycle * 4000, cycle * 4000 + 4000);
            for (int i = 0; i < 400; i++)
            {
                int phase = random.NextInt32(40), grow = 12 * cycle / 150;
                int x = 64 + (phase - 20) * (20 + grow) / 20 + random.NextInt32(2), y = 40 - (phase * 7 % 30) * (20 + grow) / 20 + random.NextInt32(2);
                sample.Events.Append(new Event(cycle * 4000 + i * 10, (ushort)Math.Clamp(x, 0, 127), (ushort)Math.Clamp(y, 0, 127), (byte)(phase & 1)));
            }
            sample.Odometry = new Odometry(Stamp.Zero, default, new Twist2(0.5f, 0));
            sample.Imu = new ImuSample(Stamp.Zero, 0, 0, (float)(0.3 * DeterministicMath.Sin(cycle * 0.05)));
            perceiver.Perceive(sample, ref percept, Context(cycle));
            percept.AddTo(ref hasher);
            perceiver.AddTo(ref hasher);
        }
        Assert.True(perceiver.Looming.Searches > 100);
        Assert.Equal(expected, hasher.Value.ToString("X16", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static RoverPerceiver Make(PerceptionKind kind) => new(new RoverPerceiverOptions { Kind = kind });

    private static ulong Run(PerceptionKind kind, List<RoverSample> samples, int thawAt)
    {
        var perceiver = Make(kind);
        var percept = perceiver.CreatePercept();
        var hasher = new StateHasher(0);
        for (int i = 0; i < samples.Count; i++)
        {
            if (i == thawAt)
            {
                var buffer = new ArrayBufferWriter<byte>();
                perceiver.Freeze(buffer);
                perceiver = Make(kind);
                perceiver.Thaw(buffer.WrittenSpan);
            }
            perceiver.Perceive(samples[i], ref percept, Context(i));
            percept.AddTo(ref hasher);
            perceiver.AddTo(ref hasher);
        }
        return hasher.Value;
    }

    private static List<RoverSample> Samples(int count)
    {
        var scene = LoomingEstimatorTests.Room(21);
        var samples = new List<RoverSample>();
        for (int i = 0; i < count; i++)
        {
            var sample = new RoverSample(8192, 0);
            float turn = i < count / 2 ? 0.4f : -0.4f;
            scene.Drive(0.5, turn, 4000, sample.Events);
            sample.Odometry = new Odometry(Stamp.Zero, default, new Twist2(0.5f, turn));
            sample.Imu = new ImuSample(Stamp.Zero, 0, 0, turn);
            samples.Add(sample);
        }
        return samples;
    }

    private static RoverSample Sample(int beams)
    {
        var sample = new RoverSample(256, beams);
        sample.Events.Reset(0, 4000);
        return sample;
    }

    private static CycleContext Context(int cycle) => new() { CycleId = (ulong)cycle, Now = new Stamp(cycle * 4_000_000L), Dt = Duration.FromMilliseconds(4) };
}
