using System.Buffers;
using System.Globalization;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Tests.Simulation;

public sealed class WorldTests
{
    [Fact]
    public void AdvanceTo_ConstantTwist_FollowsTheClosedFormArc()
    {
        var world = new World(Drive.Room(12, 12, new StartSpec(6, 5, 0.4)).Exact() with { Rover = new RoverSpec { WheelNoise = 0, WheelRadiusError = 0, MotorLagMs = 1, CommandTimeoutMs = 60_000 } });
        var robot = world.Robots[0];
        robot.Command(new Twist2(0.6f, 0.5f));
        world.AdvanceTo(Stamp.FromSeconds(0.1)); // with a lag of 1 ms the motors are at speed to the last bit but e^-100
        var from = robot.Pose;
        world.AdvanceTo(Stamp.FromSeconds(5.1));
        double radius = 0.6f / 0.5f, to = from.Heading + 0.5 * 5;
        // 5000 ticks of 2e-16·radius each, and one rounding of the speed per tick.
        Assert.InRange(robot.Pose.X - (from.X + radius * (Math.Sin(to) - Math.Sin(from.Heading))), -1e-9, 1e-9);
        Assert.InRange(robot.Pose.Y - (from.Y - radius * (Math.Cos(to) - Math.Cos(from.Heading))), -1e-9, 1e-9);
        Assert.InRange(DeterministicMath.WrapAngle(robot.Pose.Heading - to), -1e-9, 1e-9);
        Assert.InRange(robot.Distance - 0.6 * 5, 0, 0.06);
    }

    [Fact]
    public void AdvanceTo_GoalNotReachedInTime_IsMissedAndTheNextOneIsSet()
    {
        var world = new World(ScenarioCatalog.Create("default", 1, 1) with { GoalSeconds = 2 });
        var first = world.Robots[0].Goal;
        world.AdvanceTo(Stamp.FromSeconds(1.9));
        Assert.Equal((0, first), (world.Robots[0].GoalsMissed, world.Robots[0].Goal));
        world.AdvanceTo(Stamp.FromSeconds(5));
        Assert.Equal(2, world.Robots[0].GoalsMissed);
        Assert.Equal(0, world.Robots[0].GoalsReached);
        Assert.NotEqual(first, world.Robots[0].Goal);
    }

    [Fact]
    public void AdvanceTo_StepCommand_FollowsTheMotorLag()
    {
        var world = new World(Drive.Room(12, 4, new StartSpec(1, 2, 0)).Exact());
        world.Robots[0].Command(new Twist2(1, 0));
        world.AdvanceTo(Stamp.FromSeconds(0.08));
        Assert.InRange(world.Robots[0].Velocity.Linear, 0.632 - 0.001, 0.632 + 0.001);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void AdvanceTo_WildDriving_NeverEntersAWall(ulong seed)
    {
        var world = new World(ScenarioCatalog.Create("default", seed, 3));
        var random = new RandomStream(seed);
        for (int ms = 0; ms < 30_000; ms += 5)
        {
            if (ms % 600 == 0)
            {
                foreach (var robot in world.Robots) robot.Command(new Twist2((float)random.NextDouble(-0.4, 1.2), (float)random.NextDouble(-1.5, 1.5)));
            }
            else if (ms % 100 == 0)
            {
                foreach (var robot in world.Robots) robot.Command(robot.LastCommand);
            }
            world.AdvanceTo(Stamp.FromSeconds(ms * 1e-3));
            // A yielding obstacle may touch while it slows down; walls and other robots never give way by more than the hair of rounding.
            foreach (var robot in world.Robots) Assert.True(world.Map.Clearance(robot.Pose.X, robot.Pose.Y) >= robot.Radius - 1e-9, $"robot {robot.Index} is inside a wall at {ms} ms");
        }
        Assert.True(world.Robots.Sum(r => r.Collisions) > 5, "wild driving must collide, or the test shows nothing");
    }

    [Fact]
    public void AdvanceTo_FrontalPush_CountsOneCollisionAndStops()
    {
        var world = new World(Drive.Room(4, 4, new StartSpec(3, 2, 0)).Exact());
        var robot = world.Robots[0];
        for (int ms = 0; ms < 5000; ms += 50)
        {
            robot.Command(new Twist2(1, 0));
            world.AdvanceTo(Stamp.FromSeconds(ms * 1e-3));
        }
        Assert.Equal(1, robot.Collisions);
        Assert.InRange(robot.Pose.X, 4 - robot.Radius - 1e-3, 4 - robot.Radius + 1e-6);
        for (int ms = 5000; ms < 6000; ms += 50)
        {
            robot.Command(new Twist2(-0.5f, 0));
            world.AdvanceTo(Stamp.FromSeconds(ms * 1e-3));
        }
        Assert.Equal(1, robot.Collisions);
        Assert.True(robot.Pose.X < 3.6);
    }

    [Fact]
    public void AdvanceTo_PushWithTurn_CanTurnAway()
    {
        var world = new World(Drive.Room(4, 4, new StartSpec(3.8, 2, 0)).Exact());
        var robot = world.Robots[0];
        for (int ms = 0; ms < 4000; ms += 50)
        {
            robot.Command(new Twist2(0.4f, 1.2f));
            world.AdvanceTo(Stamp.FromSeconds(ms * 1e-3));
        }
        Assert.True(robot.Pose.X < 3.5, "a robot that touches a wall keeps its turn and comes free");
    }

    [Fact]
    public void AdvanceTo_TwoRobotsHeadOn_StayApartAndBothCount()
    {
        var world = new World(Drive.Room(6, 4, new StartSpec(2, 2, 0), new StartSpec(4, 2, Math.PI)).Exact());
        for (int ms = 0; ms < 4000; ms += 50)
        {
            foreach (var robot in world.Robots) robot.Command(new Twist2(0.8f, 0));
            world.AdvanceTo(Stamp.FromSeconds(ms * 1e-3));
            double gap = Math.Abs(world.Robots[1].Pose.X - world.Robots[0].Pose.X);
            Assert.True(gap >= 2 * 0.18 - 1e-6);
        }
        Assert.All(world.Robots, r => Assert.Equal(1, r.Collisions));
    }

    [Fact]
    public void AdvanceTo_NoCommandForTheTimeout_StopsTheWheels()
    {
        var world = new World(Drive.Room(20, 4, new StartSpec(1, 2, 0)).Exact());
        var robot = world.Robots[0];
        robot.Command(new Twist2(1, 0));
        world.AdvanceTo(Stamp.FromSeconds(0.199));
        Assert.Equal(0, robot.CommandTimeouts);
        Assert.InRange(robot.Velocity.Linear, 0.9f, 1);
        world.AdvanceTo(Stamp.FromSeconds(0.9));
        Assert.Equal(1, robot.CommandTimeouts);
        Assert.InRange(robot.Velocity.Linear, 0, 0.001f);
        world.AdvanceTo(Stamp.FromSeconds(5));
        Assert.Equal(1, robot.CommandTimeouts); // one trip, however long the silence
        robot.Command(new Twist2(1, 0));
        world.AdvanceTo(Stamp.FromSeconds(5.15));
        Assert.InRange(robot.Velocity.Linear, 0.8f, 1);
        robot.MakeSafe();
        world.AdvanceTo(Stamp.FromSeconds(5.19));
        Assert.InRange(robot.Velocity.Linear, 0.3f, 0.6f); // e^-0.5 of it after half a time constant: already braking
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    public void AdvanceTo_CutIntoPieces_GivesTheSameState(int pieceMs)
    {
        ulong Run(int piece)
        {
            var world = new World(ScenarioCatalog.Create("default", 5, 2));
            _ = Drive.Sensors(world);
            for (int block = 0; block < 6; block++)
            {
                foreach (var robot in world.Robots) robot.Command(new Twist2(0.7f, block % 3 - 1));
                for (int ms = block * 150 + piece; ms < (block + 1) * 150; ms += piece) world.AdvanceTo(Stamp.FromSeconds(ms * 1e-3));
                world.AdvanceTo(Stamp.FromSeconds((block + 1) * 0.15));
            }
            Assert.True(world.Robots[0].EventCount > 1000);
            var hasher = new StateHasher(0);
            world.AddTo(ref hasher);
            return hasher.Value;
        }
        Assert.Equal(Run(150), Run(pieceMs));
    }

    [Fact]
    public void AdvanceTo_SameSeedTwiceInOneProcess_IsBitIdentical()
    {
        var (a, b, other) = (new World(ScenarioCatalog.Create("default", 3, 2)), new World(ScenarioCatalog.Create("default", 3, 2)), new World(ScenarioCatalog.Create("default", 4, 2)));
        var (sa, sb, so) = (Drive.Sensors(a), Drive.Sensors(b), Drive.Sensors(other));
        // Interleaved, so that state shared between worlds would show.
        for (int c = 0; c < 200; c += 20) Assert.Equal(Drive.Wander(a, sa, 20, 8, c), Drive.Wander(b, sb, 20, 8, c));
        Assert.NotEqual(Drive.Wander(a, sa, 20, 8, 200), Drive.Wander(other, so, 220, 8));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("crowd")]
    public void Thaw_InTheMiddle_ContinuesBitForBit(string name)
    {
        var scenario = ScenarioCatalog.Create(name, 2, 2);
        var world = new World(scenario);
        var sensors = Drive.Sensors(world);
        Drive.Wander(world, sensors, 150, 8);
        var state = new ArrayBufferWriter<byte>();
        world.Freeze(state);
        var thawed = new World(scenario);
        var again = Drive.Sensors(thawed);
        thawed.Thaw(state.WrittenSpan);
        Assert.Equal(Drive.Wander(world, sensors, 150, 8, 150), Drive.Wander(thawed, again, 150, 8, 150));
        Assert.Throws<InvalidDataException>(() => new World(ScenarioCatalog.Create(name, 2, 1)).Thaw(state.WrittenSpan));
        Assert.Throws<InvalidDataException>(() => new World(scenario).Thaw(state.WrittenSpan[..(state.WrittenCount / 2)]));
    }

    [Fact]
    public void Probe_WallAhead_GivesRangeAndClosingSpeed()
    {
        var world = new World(Drive.Room(8, 4, new StartSpec(2, 2, 0)).Exact());
        for (int ms = 0; ms <= 1000; ms += 50)
        {
            world.Robots[0].Command(new Twist2(0.5f, 0));
            world.AdvanceTo(Stamp.FromSeconds(ms * 1e-3));
        }
        double x = world.Robots[0].Pose.X;
        var ahead = world.Probe(0, 0);
        Assert.Equal(HitKind.Wall, ahead.Kind);
        Assert.InRange(ahead.Range - (8 - x), -1e-9, 1e-9);
        Assert.InRange(ahead.ClosingSpeed, 0.499, 0.501);
        Assert.InRange(ahead.TimeToContact - (8 - x) / 0.5, -0.05, 0.05);
        Assert.InRange(world.Probe(0, Math.PI).ClosingSpeed, -0.501, -0.499);
        Assert.Equal(double.PositiveInfinity, world.Probe(0, Math.PI).TimeToContact);
        Assert.InRange(world.Probe(0, Math.PI / 2).Range - 2, -1e-9, 1e-9);
    }

    [Fact]
    public void Mover_RobotInItsWay_StopsUnlessRuthless()
    {
        World Make(bool ruthless) => new(Drive.Room(8, 4, new StartSpec(4, 2, 0)) with
        {
            Obstacles = [new ObstacleSpec { X = 1, Y = 2, Radius = 0.25, Motion = MotionKind.Loop, Speed = 0.5, Waypoints = [new(7, 2)], Ruthless = ruthless }],
        });
        var (kind, ruthless) = (Make(false), Make(true));
        foreach (var world in new[] { kind, ruthless }) world.AdvanceTo(Stamp.FromSeconds(6.5));
        Assert.Equal(0, kind.Robots[0].Collisions);
        Assert.InRange(kind.Clearance(0), 0.05, 0.4);
        Assert.True(ruthless.Robots[0].Collisions > 0);
        Assert.True(ruthless.Robots[0].Pose.X > 4.1, "it pushes the robot along");
        kind.AdvanceTo(Stamp.FromSeconds(12));
        Assert.True(kind.Obstacle(0).X < 3, "after waiting it turns back");
    }

    [Fact]
    public void AdvanceTo_Clock_MovesAlong()
    {
        var clock = new SimClock();
        var world = new World(Drive.Room(4, 4, new StartSpec(2, 2, 0)), clock);
        world.AdvanceTo(new Stamp(12_345_678));
        Assert.Equal(new Stamp(12_345_678), clock.Now);
        Assert.Equal(new Stamp(12_000_000), world.Now);
    }

    [Fact]
    public void ToSvg_World_IsAClosedDocumentWithEveryThing()
    {
        var world = new World(ScenarioCatalog.Create("default", 1, 2));
        string svg = world.ToSvg();
        var document = System.Xml.Linq.XDocument.Parse(svg);
        int Elements(string name) => document.Descendants().Count(e => e.Name.LocalName == name);
        Assert.Equal(world.Map.Walls.Length + 2 * 2, Elements("line"));
        Assert.Equal(world.ObstacleCount + world.Scenario.Stations.Count + 2, Elements("circle") + Elements("polygon"));
        Assert.DoesNotContain(",", world.Scenario.Stations[0].X.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
