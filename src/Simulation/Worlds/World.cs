using System.Buffers;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>A deterministic two-dimensional world with walls, obstacles, stations and robots, in ticks of one millisecond.</summary>
/// <remarks>
/// <para>Start reading here; <see cref="Rover"/> is the robot, <see cref="RoverSensor"/> and <see cref="RoverActuator"/> bind it to a loop.</para>
/// <para>The world only moves in <see cref="AdvanceTo"/>, tick by tick: obstacles, then robots, then contacts between robots, then sensors, always
/// in the order of their numbers. How a span of time is cut into calls changes nothing. Same scenario and commands give the same state, bit for
/// bit, on every machine. One thread; no allocation after construction.</para>
/// <example>One robot driven by hand:<code>
/// var world = new World(ScenarioCatalog.Create("default", seed: 1, robots: 1));
/// var sensor = new RoverSensor(world, robot: 0);
/// var actuator = new RoverActuator(world, robot: 0);
/// var sample = sensor.CreateSample();
/// var report = SensorReport.Empty;
/// for (ulong cycle = 0; cycle &lt; 1000; cycle++)
/// {
///     var context = new CycleContext { CycleId = cycle, Now = new Stamp((long)cycle * 8_000_000), Dt = Duration.FromMilliseconds(8) };
///     sensor.Sense(SensingRequest.None, ref sample, ref report, context);   // advances the world to context.Now
///     actuator.Act(new Twist2(0.5f, 0.1f), context);                        // holds from the next tick on
/// }
/// </code>A loop (ControlLoop) does the same with its own clock; several loops only have to be run in the order of their deadlines.</example>
/// </remarks>
public sealed class World : ISimulated, IPayload, IFreezable
{
    /// <summary>Length of a tick.</summary>
    public static readonly Duration TickLength = new(1_000_000);

    private const double Dt = 0.001;
    private readonly Body[] _bodies;
    private readonly Mover[] _movers;
    private readonly Rover[] _robots;

    /// <summary>Makes the world of a scenario at time zero.</summary>
    /// <param name="scenario">What is in it.</param>
    /// <param name="clock">A clock that is moved along with the world; null = a new one.</param>
    /// <exception cref="ScenarioException">The scenario breaks a rule; all faults are listed.</exception>
    public World(Scenario scenario, SimClock? clock = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ScenarioRules.Check(scenario);
        (Scenario, Clock) = (scenario, clock ?? new SimClock());
        var textures = new TextureSet(scenario.Seed);
        Map = new WallMap(WorldBuilder.Walls(scenario, textures));
        _bodies = WorldBuilder.Bodies(scenario, textures);
        ObstacleCount = scenario.Obstacles.Count;
        _movers = WorldBuilder.Movers(scenario);
        _robots = new Rover[scenario.Robots.Count];
        var floor = new FloorTexture(scenario.FloorBrightness, scenario.FloorContrast, scenario.Seed);
        for (int i = 0; i < _robots.Length; i++)
        {
            var camera = scenario.Camera.Present ? WorldBuilder.Camera(scenario, floor, Map.Walls.Length, _bodies.Length, i) : null;
            _robots[i] = new Rover(this, i, scenario.Robots[i], camera);
            Settle(_robots[i]);
        }
    }

    /// <summary>Gets the scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>Gets the clock that moves along with the world.</summary>
    public SimClock Clock { get; }

    /// <summary>Gets how many ticks have passed.</summary>
    public long Ticks { get; private set; }

    /// <summary>Gets the instant of the last tick.</summary>
    public Stamp Now => new(Ticks * TickLength.Nanoseconds);

    /// <summary>Gets the robots.</summary>
    public IReadOnlyList<Rover> Robots => _robots;

    /// <summary>Gets how many obstacles there are.</summary>
    public int ObstacleCount { get; }

    internal long NowUs => Ticks * 1000;

    internal WallMap Map { get; }

    internal ReadOnlySpan<Body> Bodies => _bodies;

    /// <summary>Moves the world, and the clock, to the last tick that is not after <paramref name="target"/>; a target in the past changes nothing.</summary>
    public void AdvanceTo(Stamp target)
    {
        long end = target.Nanoseconds / TickLength.Nanoseconds;
        while (Ticks < end) Tick();
        Clock.AdvanceTo(target);
    }

    /// <summary>Returns the truth about what lies at a bearing from a robot.</summary>
    /// <param name="robot">Which robot.</param>
    /// <param name="bearing">Radians counter-clockwise from straight ahead.</param>
    /// <param name="maxRange">Metres.</param>
    public RayHit Probe(int robot, double bearing, double maxRange = 30)
    {
        var rover = _robots[robot];
        double range = Cast(rover, bearing, maxRange, out var kind, out int index, out double dx, out double dy);
        if (kind == HitKind.None) return new RayHit(double.PositiveInfinity, 0, kind, -1);
        double vx = rover.Vx, vy = rover.Vy;
        if (kind != HitKind.Wall)
        {
            ref readonly var body = ref _bodies[kind == HitKind.Obstacle ? index : ObstacleCount + index];
            (vx, vy) = (vx - body.Vx, vy - body.Vy);
        }
        return new RayHit(range, vx * dx + vy * dy, kind, index);
    }

    /// <summary>Returns the distance in metres from a robot's surface to the nearest wall, obstacle or robot.</summary>
    public double Clearance(int robot)
    {
        var rover = _robots[robot];
        var pose = rover.Pose;
        double best = Map.Clearance(pose.X, pose.Y);
        for (int i = 0; i < _bodies.Length; i++)
        {
            if (i != BodyOf(rover)) best = Math.Min(best, _bodies[i].Nearest(pose.X, pose.Y, out _, out _));
        }
        return best - rover.Radius;
    }

    /// <summary>Returns the world from above as an SVG document: walls, stations, obstacles, robots and the lines to their goals.</summary>
    public string ToSvg() => WorldPicture.Draw(this);

    /// <summary>Returns the present middle of an obstacle.</summary>
    public Waypoint Obstacle(int index) => new(_bodies[index].X, _bodies[index].Y);

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Ticks);
        for (int i = 0; i < ObstacleCount; i++)
        {
            hasher.Add(_bodies[i].X);
            hasher.Add(_bodies[i].Y);
        }
        foreach (var mover in _movers) mover.AddTo(ref hasher);
        foreach (var robot in _robots) robot.AddTo(ref hasher);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A robot is moved by another world.</exception>
    public void Freeze(IBufferWriter<byte> writer)
    {
        foreach (var robot in _robots)
        {
            if (robot.IsPuppet) throw new InvalidOperationException($"World '{Scenario.Name}' cannot be frozen: {robot.Name} is moved by another world.");
        }
        var w = new StateWriter(writer);
        w.Write(Ticks);
        w.Write(_bodies.Length);
        foreach (ref readonly var body in _bodies.AsSpan())
        {
            w.Write(body.X);
            w.Write(body.Y);
            w.Write(body.Vx);
            w.Write(body.Vy);
        }
        foreach (var mover in _movers) mover.Freeze(writer);
        foreach (var robot in _robots) robot.Freeze(writer);
    }

    /// <inheritdoc/>
    /// <remarks>The clock is not moved back; use a new world, or a clock of your own.</remarks>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var r = new StateReader(state, $"World '{Scenario.Name}'");
        long ticks = r.Read<long>();
        r.Expect(_bodies.Length, "body count");
        Ticks = ticks;
        foreach (ref var body in _bodies.AsSpan())
        {
            body.X = r.Read<double>();
            body.Y = r.Read<double>();
            body.Vx = r.Read<double>();
            body.Vy = r.Read<double>();
        }
        foreach (var mover in _movers) mover.Thaw(ref r);
        foreach (var robot in _robots) robot.Thaw(ref r);
        r.End();
        Clock.AdvanceTo(Now);
    }

    internal int BodyOf(Rover rover) => ObstacleCount + rover.Index;

    internal double Cast(Rover rover, double bearing, double limit, out HitKind kind) => Cast(rover, bearing, limit, out kind, out _, out _, out _);

    private double Cast(Rover rover, double bearing, double limit, out HitKind kind, out int index, out double dx, out double dy)
    {
        double c = DeterministicMath.Cos(bearing), s = DeterministicMath.Sin(bearing);
        (dx, dy) = (rover.Cos * c - rover.Sin * s, rover.Sin * c + rover.Cos * s);
        var pose = rover.Pose;
        double best = Map.Cast(pose.X, pose.Y, dx, dy, limit, out index);
        kind = index >= 0 ? HitKind.Wall : HitKind.None;
        for (int i = 0; i < _bodies.Length; i++)
        {
            ref readonly var body = ref _bodies[i];
            if (i == BodyOf(rover)) continue;
            double x = body.X - pose.X, y = body.Y - pose.Y, side = x * dy - y * dx;
            if (side * side > body.Radius * body.Radius) continue;
            double t = body.Cast(pose.X, pose.Y, dx, dy);
            if (t >= best) continue;
            best = t;
            (kind, index) = i < ObstacleCount ? (HitKind.Obstacle, i) : (HitKind.Robot, i - ObstacleCount);
        }
        return best;
    }

    private void Tick()
    {
        Ticks++;
        foreach (var mover in _movers) mover.Tick(_bodies, ObstacleCount, Map, Dt);
        foreach (var robot in _robots) robot.Drive(Dt);
        SeparateRobots();
        foreach (var robot in _robots)
        {
            robot.Settle(Dt);
            Settle(robot);
        }
        foreach (var robot in _robots)
        {
            if (robot.CameraOn) robot.Camera!.Tick(this, robot, Dt);
        }
    }

    private void Settle(Rover robot)
    {
        ref var body = ref _bodies[BodyOf(robot)];
        var pose = robot.Pose;
        (body.X, body.Y, body.Vx, body.Vy) = (pose.X, pose.Y, robot.Vx, robot.Vy);
    }

    private void SeparateRobots()
    {
        for (int i = 0; i < _robots.Length; i++)
        {
            for (int j = i + 1; j < _robots.Length; j++)
            {
                var (a, b) = (_robots[i].Pose, _robots[j].Pose);
                double dx = b.X - a.X, dy = b.Y - a.Y;
                double reach = _robots[i].Radius + _robots[j].Radius, d2 = dx * dx + dy * dy;
                if (d2 >= reach * reach) continue;
                double d = Math.Sqrt(d2);
                (double nx, double ny) = d > 1e-9 ? (dx / d, dy / d) : (1.0, 0.0);
                // A puppet gives no way: the other one is pushed out alone.
                double share = _robots[i].IsPuppet || _robots[j].IsPuppet ? 1 : 0.5;
                _robots[i].PushOut(-nx, -ny, share * (reach - d));
                _robots[j].PushOut(nx, ny, share * (reach - d));
                if (!_robots[i].IsPuppet) _robots[i].Leave();
                if (!_robots[j].IsPuppet) _robots[j].Leave();
            }
        }
    }
}
