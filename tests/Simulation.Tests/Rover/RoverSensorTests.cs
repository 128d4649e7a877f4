using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

public sealed class RoverSensorTests
{
    private static readonly StartSpec Start = new(2, 2, 0);

    private static (World World, RoverSensor Sensor, RoverActuator Actuator) Make(Faults? faults = null, bool ranging = true)
    {
        var world = new World(Drive.Room(6, 4, Start));
        return (world, new RoverSensor(world, 0, ranging, faults), new RoverActuator(world, 0, faults));
    }

    /// <summary>Turns on the spot and senses every 8 ms; returns what the last cycle gave.</summary>
    private static (StageStatus Status, RoverSample Sample, SensorReport Report) Turn(World world, RoverSensor sensor, int cycles, SensingRequest request, int first = 0)
    {
        var sample = sensor.CreateSample();
        var report = SensorReport.Empty;
        var status = StageStatus.NoOutput;
        for (int c = first; c < first + cycles; c++)
        {
            world.Robots[0].Command(new Twist2(0, 1));
            status = sensor.Sense(request, ref sample, ref report, Drive.At(8 * c, 8));
        }
        return (status, sample, report);
    }

    [Fact]
    public void Sense_TurningRobot_DeliversEverythingOfTheWindow()
    {
        var (world, sensor, _) = Make();
        var (status, sample, report) = Turn(world, sensor, 60, SensingRequest.None);
        Assert.Equal(StageStatus.Ok, status);
        Assert.True(sample.Events.Count > 50);
        Assert.Equal(59 * 8000, sample.Events.EndUs);
        Assert.Equal(58 * 8000, sample.Events.StartUs);
        foreach (var e in sample.Events.Events) Assert.InRange(e.TimeUs, 58 * 8000, 59 * 8000);
        Assert.Equal(sample.Events.Count, report.Items);
        Assert.Equal(Stamp.FromSeconds(0.472), report.ValidTo);
        Assert.Equal(1f, report.Applied.Coverage);
        Assert.True(report.Applied.EnergyMicrojoule > 0);
        Assert.InRange(sample.Imu.AngularVelocity, 0.9f, 1.1f);
        Assert.InRange(sample.Odometry.Velocity.Angular, 0.95f, 1.05f);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(500)]
    public void Sense_TurnRateThatChanges_IsTheMeanSinceTheLastLookHoweverLongThatWas(int periodMs)
    {
        var room = Drive.Room(6, 4, Start);
        var world = new World(room with { Rover = room.Rover with { GyroNoise = 0, GyroBias = 0 } });
        var sensor = new RoverSensor(world, 0);
        var sample = sensor.CreateSample();
        var report = SensorReport.Empty;
        double turned = 0;
        for (int ms = 0; ms <= 3000; ms += 5)
        {
            // Commands change between two looks, so that the rate at a look says nothing about the turn before it.
            world.Robots[0].Command(new Twist2(0, ms / 100 % 2 == 0 ? 1.5f : -0.5f));
            if (ms % periodMs == 0)
            {
                sensor.Sense(SensingRequest.None, ref sample, ref report, Drive.At(ms, periodMs));
                if (ms > 0) turned += sample.Imu.AngularVelocity * periodMs * 1e-3;
            }
            else
            {
                world.AdvanceTo(Drive.At(ms, 5).Now);
            }
        }
        double truth = DeterministicMath.WrapAngle(world.Robots[0].Pose.Heading - Start.Heading);
        // 600 samples at 200 Hz stand for the 5 ms before them, in which the rate changes by 8 % of a command's change at most, to and fro.
        Assert.InRange(Math.Abs(DeterministicMath.WrapAngle(turned - truth)), 0, 0.02);
    }

    [Fact]
    public void Sense_Windows_FollowEachOtherWithoutLossOrOverlap()
    {
        var (world, sensor, _) = Make();
        var sample = sensor.CreateSample();
        var report = SensorReport.Empty;
        long end = 0, events = 0;
        for (int c = 0; c < 200; c++)
        {
            world.Robots[0].Command(new Twist2(0.2f, c % 50 < 25 ? 1.5f : -1.5f));
            sensor.Sense(SensingRequest.None, ref sample, ref report, Drive.At(c * 4, 4));
            Assert.Equal(end, sample.Events.StartUs);
            foreach (var e in sample.Events.Events) Assert.InRange(e.TimeUs, end, sample.Events.EndUs);
            end = sample.Events.EndUs;
            events += sample.Events.Count;
        }
        Assert.Equal(world.Robots[0].EventCount, events + world.Robots[0].Camera!.Pending.Count);
    }

    [Fact]
    public void Sense_StraightAheadScan_AgreesWithTheTruth()
    {
        var (world, sensor, _) = Make();
        var sample = sensor.CreateSample();
        var report = SensorReport.Empty;
        sensor.Sense(SensingRequest.None, ref sample, ref report, Drive.At(0));
        Assert.Equal(72, sample.Scan.Ranges.Length);
        for (int beam = 0; beam < 72; beam++)
        {
            var truth = world.Probe(0, sample.Scan.Bearing(beam), 6);
            Assert.InRange(sample.Scan.Ranges[beam], truth.Range - 0.06, truth.Range + 0.06); // 6 sigma of 1 cm
        }
    }

    [Fact]
    public void Sense_SectorRequest_LeavesOtherBeamsUnsensed()
    {
        var (world, sensor, _) = Make();
        var request = new SensingRequest { ExpiresCycle = 1000, Origin = RequestOrigin.Policy };
        request.Sectors.AddRange(330, 60);
        var (_, sample, report) = Turn(world, sensor, 30, request);
        for (int beam = 0; beam < 72; beam++)
        {
            int degrees = beam * 5;
            Assert.Equal(degrees is >= 30 and < 330, float.IsNaN(sample.Scan.Ranges[beam]));
        }
        Assert.Equal(request.Sectors, report.Applied.Sectors);
        Assert.InRange(report.Applied.Coverage, 0.5f * (1 + 60f / 360) - 1e-3f, 0.5f * (1 + 60f / 360) + 1e-3f);
        double part = sensor.EnergyJoules;
        var (world2, full, _) = Make();
        Turn(world2, full, 30, SensingRequest.None);
        Assert.True(full.EnergyJoules > 1.5 * part, "fewer beams cost less");
    }

    [Fact]
    public void Sense_RegionAndThresholdRequest_HoldFromTheNextCycleAndExpire()
    {
        var (world, sensor, _) = Make();
        var request = new SensingRequest { Sectors = SectorMask.All, Region = new PixelRegion(32, 40, 64, 48), EventThreshold = 2, ExpiresCycle = 1000, Origin = RequestOrigin.Policy };
        var (_, first, report) = Turn(world, sensor, 1, request);
        Assert.Equal(request.Region, report.Applied.Region);
        Assert.Equal(1f, report.Applied.EventThreshold);
        var (_, sample, later) = Turn(world, sensor, 59, request, first: 1);
        Assert.True(sample.Events.Count > 20);
        foreach (var e in sample.Events.Events) Assert.True(request.Region.Contains(e.X, e.Y));
        Assert.Equal(2f, later.Applied.EventThreshold);
        Assert.InRange(later.Applied.Coverage, 0.59f, 0.6f); // half of (3072/16384 + 1)
        var (_, after, expired) = Turn(world, sensor, 30, SensingRequest.None, first: 60);
        Assert.True(expired.Applied.Region.IsAll);
        Assert.Equal(1f, expired.Applied.EventThreshold);
        Assert.Contains(after.Events.Events.ToArray(), e => !request.Region.Contains(e.X, e.Y));
    }

    [Fact]
    public void Sense_RangingOff_HasNoBeams()
    {
        var (world, sensor, _) = Make(ranging: false);
        var (status, sample, report) = Turn(world, sensor, 10, SensingRequest.None);
        Assert.Equal(StageStatus.Ok, status);
        Assert.Empty(sample.Scan.Ranges);
        Assert.Equal(0, report.Applied.Sectors.Population);
    }

    [Fact]
    public void Sense_Faults_ShowInsideTheirWindowOnly()
    {
        FaultWindow From(double from, double until) => new(Stamp.FromSeconds(from), Stamp.FromSeconds(until));
        var faults = new Faults { SensorSilent = From(0.2, 0.3), SensorUnavailable = From(0.4, 0.5), ScanNotANumber = From(0.6, 0.7), OdometryNotANumber = From(0.8, 0.9), EventsMissing = From(1.0, 1.1), EventsFrozen = From(1.2, 1.3) };
        var (world, sensor, _) = Make(faults);
        var sample = sensor.CreateSample();
        var report = SensorReport.Empty;
        for (int c = 0; c < 190; c++)
        {
            double t = c * 0.008;
            world.Robots[0].Command(new Twist2(0, 1));
            var before = new StateHasher(0);
            sample.Events.AddTo(ref before);
            var status = sensor.Sense(SensingRequest.None, ref sample, ref report, Drive.At(8 * c, 8));
            var after = new StateHasher(0);
            sample.Events.AddTo(ref after);
            Assert.Equal(t is >= 0.2 and < 0.3 ? StageOutcome.NoOutput : t is >= 0.4 and < 0.5 ? StageOutcome.Failed : StageOutcome.Ok, status.Outcome);
            if (t is >= 0.66 and < 0.7) Assert.All(sample.Scan.Ranges, r => Assert.True(float.IsNaN(r)));
            if (t is > 0.76 and < 0.8) Assert.All(sample.Scan.Ranges, r => Assert.False(float.IsNaN(r)));
            if (status.HasOutput) Assert.Equal(t is >= 0.8 and < 0.9, double.IsNaN(sample.Odometry.Pose.X));
            if (t is >= 1.0 and < 1.1) Assert.Equal(0, sample.Events.Count);
            if (t is >= 1.2 and < 1.3) Assert.Equal(before.Value, after.Value);
            if (t > 1.31) Assert.NotEqual(before.Value, after.Value);
        }
    }

    [Fact]
    public void Act_NotFiniteOrRefused_LeavesTheRobotToItsTimeout()
    {
        var (world, _, actuator) = Make(new Faults { ActuatorRefuses = new FaultWindow(Stamp.FromSeconds(0.1)) });
        Assert.Equal(StageStatus.Ok, actuator.Act(new Twist2(0.5f, 0), Drive.At(0)));
        Assert.Equal(FailureCode.NotFinite, actuator.Act(new Twist2(float.NaN, 0), Drive.At(0)).Code);
        world.AdvanceTo(Stamp.FromSeconds(0.1));
        Assert.Equal(FailureCode.Refused, actuator.Act(new Twist2(0.5f, 0), Drive.At(100)).Code);
        world.AdvanceTo(Stamp.FromSeconds(1));
        Assert.Equal(1, world.Robots[0].CommandTimeouts);
        Assert.Equal((1, 2), (actuator.Accepted, actuator.Refused));
        Assert.InRange(world.Robots[0].Velocity.Linear, -1e-3f, 1e-3f);
    }

    [Fact]
    public void SenseAndAct_Running_DoNotAllocate()
    {
        var world = new World(ScenarioCatalog.Create("crowd", 1, 2));
        var sensors = Drive.Sensors(world);
        var actuator = new RoverActuator(world, 0);
        var sample = sensors[0].CreateSample();
        var report = SensorReport.Empty;
        for (int c = 0; c < 20; c++) Cycle(c);
        Assert.Equal(0, Allocations.Least(4, round =>
        {
            for (int c = 0; c < 130; c++) Cycle(20 + round * 130 + c);
        }));

        void Cycle(int c)
        {
            var context = Drive.At(c * 8, 8);
            sensors[0].Sense(SensingRequest.None, ref sample, ref report, context);
            actuator.Act(new Twist2(0.5f, 0.4f), context);
        }
    }

    [Fact]
    public void Settle_ReachedStation_SetsTheNextGoal()
    {
        var room = Drive.Room(6, 4, Start) with { AutoGoals = true, Stations = [new("A", 3, 2), new("B", 2, 2)] };
        var world = new World(room);
        var robot = world.Robots[0];
        for (int ms = 0; ms < 4000; ms += 50)
        {
            double dx = robot.Goal.X - robot.Pose.X;
            robot.Command(new Twist2(dx > 0 ? 0.4f : -0.4f, 0));
            world.AdvanceTo(Stamp.FromSeconds(ms * 1e-3));
        }
        Assert.True(robot.GoalsReached >= 3);
        Assert.InRange(robot.Goal.Id, 1, 2);
        robot.SetGoal(Goal.None);
        int reached = robot.GoalsReached;
        world.AdvanceTo(Stamp.FromSeconds(5));
        Assert.Equal(reached, robot.GoalsReached);
    }
}
