using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Robots that must hold a zone to enter it, over a hub in virtual time; bodies go straight to their goals at 0.8 m/s.</summary>
public sealed class ZonedRobotTests
{
    private static readonly Duration Slice = Duration.FromMilliseconds(50);
    private static readonly string[] Names = ["r1", "r2", "r3"];

    // From x = 4 to 6, wide enough to be crossed anywhere between y = -2 and 2.
    private static readonly ZoneMap Crossing = Box("crossing", 4, 6);

    [Fact]
    public void Drive_TwoFromBothSides_PassOneAfterTheOther()
    {
        Assert.Equal((1, true), Cross(Crossing));
        // The same ways without the zone in them: both are there at once.
        Assert.Equal((2, true), Cross(Box("elsewhere", 40, 41)));
    }

    [Fact]
    public void Drive_NoCoordinator_WaitsOutside()
    {
        using var site = new Site(Crossing, alone: true);
        site.Members[0].Zoned!.Drive(new Goal(1, 10, 0, 0.2f));
        site.Run(20);
        Assert.True(site.Bodies[0].Position.X < 4, $"it stands at {site.Bodies[0].Position.X:0.00} m");
        Assert.True(site.Members[0].Zoned!.HasGoal);
        Assert.Equal("crossing", site.Members[0].Zoned!.WaitsFor);
        // Outside of zones it goes on alone.
        site.Members[0].Zoned!.Drive(new Goal(2, 1, 0, 0.2f));
        site.Run(10);
        Assert.Equal(1, site.Bodies[0].Position.X, 0.3);
        Assert.False(site.Members[0].Zoned!.HasGoal);
    }

    [Fact]
    public void Stop_WhileItWaits_GivesTheWishUp()
    {
        using var site = new Site(Crossing);
        site.Run(8);
        site.Members[0].Zoned!.Drive(new Goal(1, 10, 0, 0.2f));
        site.Await(() => site.Members[0].Zoned!.Zones.Holds("crossing", site.Now), 20);
        site.Members[0].Zoned!.Stop();
        Assert.False(site.Members[0].Zoned!.HasGoal);
        // It stands before the zone, so the other one gets it.
        site.Members[1].Zoned!.Drive(new Goal(1, 0, 1, 0.2f));
        site.Await(() => !site.Members[1].Zoned!.HasGoal, 60);
        Assert.Equal(0, site.Bodies[1].Position.X, 0.3);
    }

    [Fact]
    public void Step_IdleInAZone_LeavesIt()
    {
        using var site = new Site(Crossing);
        site.Run(1);
        Assert.Null(site.Members[0].Zoned!.Aside);
        site.Bodies[0].Position = new MapPoint(4.2, 0);
        site.Run(6);
        Assert.Null(site.Members[0].Zoned!.Aside);
        Assert.True(site.Bodies[0].Position.X < 3.8, $"it stands at {site.Bodies[0].Position.X:0.00} m");
    }

    private static (int Most, bool Arrived) Cross(ZoneMap map)
    {
        using var site = new Site(map);
        site.Run(8);
        site.Members[0].Zoned!.Drive(new Goal(1, 10, 0.8, 0.2f));
        site.Members[1].Zoned!.Drive(new Goal(1, 0, -0.8, 0.2f));
        int most = 0;
        site.Await(() =>
        {
            most = Math.Max(most, site.Bodies.Count(b => b.Position.X is > 4 and < 6));
            return !site.Members[0].Zoned!.HasGoal && !site.Members[1].Zoned!.HasGoal;
        }, 60);
        return (most, site.Bodies[0].Position.X > 9.5 && site.Bodies[1].Position.X < 0.5);
    }

    private static ZoneMap Box(string id, double x1, double x2) => new([new Zone(id, [new(x1, -2), new(x2, -2), new(x2, 2), new(x1, 2)])]);

    private sealed class Site : IDisposable
    {
        private readonly MemoryHub _hub = new(7);

        public Site(ZoneMap map, bool alone = false)
        {
            var clock = _hub.CreateClock();
            var roster = new Roster(1, Names);
            // The third one only votes.
            Bodies = [new ScriptedRobot { Position = new MapPoint(0, 0.8) }, new ScriptedRobot { Position = new MapPoint(10, -0.8) }, new ScriptedRobot { Position = new MapPoint(30, 30) }];
            Members = [.. Names.Take(alone ? 1 : 3).Select((name, i) =>
            {
                var store = new MemoryPromiseStore();
                roster.Admit(store);
                var options = new FleetOptions { Site = "s", Robot = name, Roster = roster, Seed = (ulong)i, Lease = FleetJobs.Lease };
                return new FleetMember(options, store, clock, Connect, Bodies[i], () => Beacon(i), new SharedEffects(), Stamp.Zero, site: new FleetSite(map, Names));
            })];
            foreach (var member in Members) _ = member.Link.StartAsync();
        }

        public ScriptedRobot[] Bodies { get; }

        public FleetMember[] Members { get; }

        public Stamp Now => _hub.Now;

        public void Run(double seconds) => Await(() => false, seconds, required: false);

        public void Await(Func<bool> done, double seconds, bool required = true)
        {
            for (var end = Now + Duration.FromSeconds(seconds); Now < end;)
            {
                _hub.RunUntil(Now + Slice);
                for (int i = 0; i < Members.Length; i++) Move(i);
                foreach (var member in Members) member.Step(Now);
                if (done()) return;
            }
            Assert.False(required, $"nothing came of it within {seconds} s");
        }

        public void Dispose()
        {
            foreach (var member in Members) member.Node.Dispose();
            _hub.Dispose();
        }

        private readonly double[] _speed = new double[3], _heading = new double[3];

        private void Move(int i)
        {
            var body = Bodies[i];
            if (!body.HasGoal)
            {
                _speed[i] = 0;
                body.IsAtRest = true;
                return;
            }
            double dx = body.Goal.X - body.Position.X, dy = body.Goal.Y - body.Position.Y, way = Math.Sqrt(dx * dx + dy * dy), step = 0.8 * Slice.Seconds;
            if (way <= body.Goal.Radius)
            {
                (body.Position, _speed[i]) = (body.Position, 0);
                var at = body.Position;
                body.Arrive();
                body.Position = at;
                return;
            }
            (_speed[i], _heading[i], body.IsAtRest) = (0.8, Math.Atan2(dy, dx), false);
            body.Position = new MapPoint(body.Position.X + dx / way * Math.Min(step, way), body.Position.Y + dy / way * Math.Min(step, way));
        }

        private Beacon Beacon(int i) => RoverBeacon.Of(new Pose2(Bodies[i].Position.X, Bodies[i].Position.Y, _heading[i]), new Twist2((float)_speed[i], 0), 0.18);

        private MemoryLink Connect(FleetPresence presence) => _hub.CreateLink(new LinkOptions
        {
            Broker = new Uri("mqtt://memory"), ClientId = $"ea-s-{presence.Topics.Robot}", Will = presence.Will, Birth = presence.Birth, Farewell = presence.Farewell,
        });
    }
}
