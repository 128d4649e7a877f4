using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Simulation;

/// <summary>A differential-drive robot of a <see cref="World"/>: body, motors, inertial sensor, odometry, range sensor, camera and goal.</summary>
/// <remarks>
/// Motion is the exact arc of the deployment notes, 9.1, in ticks of 1 ms; motors follow with a first-order lag. The simulated motor controller
/// stops the wheels by itself when no command came for <see cref="RoverSpec.CommandTimeoutMs"/>: the last line of defence. One thread, except <see cref="MakeSafe"/>.
/// </remarks>
public sealed class Rover
{
    private const double SlipSeconds = 0.5; // correlation time of wheel slip
    private const long ContactPauseTicks = 250, PuppetTicks = 200; // a contact within 250 ms is the same one; a robot that nobody places any more is taken to stand: its own watchdog has stopped it by then
    private readonly RoverSpec _spec;
    private readonly World _world;
    private readonly RandomStream _wheels, _ranges, _goals;
    private readonly InertialSensor _inertia;
    private readonly double _lag, _leftRadius, _rightRadius;
    private readonly int[] _near = new int[64];
    private readonly int _timeoutTicks;
    private double _x, _y, _heading, _left, _right, _slipLeft, _slipRight, _odoX, _odoY, _odoHeading;
    private double _nearX = double.NaN, _nearY;
    private long _commandTick = long.MinValue / 2, _contactTick = long.MinValue / 2, _scanTick = long.MinValue / 2, _goalTick, _placedTick;
    private int _nearCount, _station = -1;
    private bool _timedOut = true;
    private volatile bool _safe;
    private Twist2 _command;

    internal Rover(World world, int index, StartSpec start, RoverCamera? camera)
    {
        (_world, Index, Camera, _spec) = (world, index, camera, world.Scenario.Rover);
        ulong seed = world.Scenario.Seed;
        Name = $"rover{index + 1}";
        _wheels = RandomStream.For(seed, $"{Name}.wheels");
        _inertia = new InertialSensor(_spec, RandomStream.For(seed, $"{Name}.imu"));
        _ranges = RandomStream.For(seed, $"{Name}.scan");
        _goals = RandomStream.For(seed, $"{Name}.goals");
        _lag = 1 - DeterministicMath.Exp(-1 / _spec.MotorLagMs);
        _leftRadius = _spec.WheelRadius * (1 + _spec.WheelRadiusError * _wheels.NextGaussian());
        _rightRadius = _spec.WheelRadius * (1 + _spec.WheelRadiusError * _wheels.NextGaussian());
        _timeoutTicks = (int)_spec.CommandTimeoutMs;
        (_x, _y, _heading) = (start.X, start.Y, DeterministicMath.WrapAngle(start.Heading));
        (_odoX, _odoY, _odoHeading) = (_x, _y, _heading);
        (Cos, Sin) = (DeterministicMath.Cos(_heading), DeterministicMath.Sin(_heading));
        Odometry = new Odometry(Stamp.Zero, Pose, Twist2.Rest);
        if (world.Scenario.AutoGoals) NextStation();
    }

    /// <summary>Gets the robot's place in <see cref="World.Robots"/>.</summary>
    public int Index { get; }

    /// <summary>Gets the name, rover1, rover2, …</summary>
    public string Name { get; }

    /// <summary>Gets the true pose.</summary>
    public Pose2 Pose => new(_x, _y, _heading);

    /// <summary>Gets whether it is moved by another world, such as that of the process that drives it; see <see cref="Place"/>.</summary>
    public bool IsPuppet { get; private set; }

    /// <summary>Gets the true velocity: way and turn of the last tick, signed ahead.</summary>
    public Twist2 Velocity => new((float)(Vx * Cos + Vy * Sin), (float)TurnRate);

    /// <summary>Gets the command in force.</summary>
    public Twist2 LastCommand => _command;

    /// <summary>Gets the radius of the body in metres.</summary>
    public double Radius => _spec.Radius;

    /// <summary>Gets the goal; <see cref="Goal.None"/> when there is none.</summary>
    public Goal Goal { get; private set; }

    /// <summary>Gets the robots of its fleet that it was told of; they reach its loop in the next sample.</summary>
    public Neighbourhood Neighbours { get; } = new();

    /// <summary>Gets how many goals were reached.</summary>
    public int GoalsReached { get; private set; }

    /// <summary>Gets how many goals were given up because their time ran out (<see cref="Scenario.GoalSeconds"/>).</summary>
    public int GoalsMissed { get; private set; }

    /// <summary>Gets how many contacts there were with walls, obstacles and robots; a lasting contact counts once.</summary>
    public int Collisions { get; private set; }

    /// <summary>Gets how often the motor controller stopped the wheels because commands stopped coming.</summary>
    public int CommandTimeouts { get; private set; }

    /// <summary>Gets the way driven in metres.</summary>
    public double Distance { get; private set; }

    /// <summary>Gets the newest odometry: it starts at the true pose and drifts.</summary>
    public Odometry Odometry { get; private set; }

    /// <summary>Gets the newest inertial measurement.</summary>
    public ImuSample Imu => _inertia.Newest;

    /// <summary>Gets how many camera frames were drawn.</summary>
    public long Frames => Camera?.Frames ?? 0;

    /// <summary>Gets the number of camera events made since the start.</summary>
    public long EventCount => Camera is null ? 0 : Camera.Model.SignalEvents + Camera.Model.NoiseEvents;

    /// <summary>Gets the newest camera frame, [x, y] intensities in [0, 1]; empty without a camera.</summary>
    public ReadOnlySpan<float> Frame => Camera is null ? default : Camera.Frame;

    internal RoverCamera? Camera { get; }

    /// <summary>Gets or sets whether the camera works; off until a sensor is bound, so that unread cameras cost nothing.</summary>
    internal bool CameraOn { get; set; }

    internal double Cos { get; private set; }

    internal double Sin { get; private set; }

    internal double Vx { get; private set; }

    internal double Vy { get; private set; }

    internal double TurnRate { get; private set; }

    internal double GroundSpeed => Math.Sqrt(Vx * Vx + Vy * Vy);

    /// <summary>Sets the wanted velocity from the next tick on; clipped to the robot's limits. Not finite = stand still.</summary>
    public void Command(Twist2 twist)
    {
        bool finite = float.IsFinite(twist.Linear) && float.IsFinite(twist.Angular);
        float v = (float)_spec.MaxLinear, w = (float)_spec.MaxAngular;
        _command = finite ? new Twist2(Math.Clamp(twist.Linear, -v, v), Math.Clamp(twist.Angular, -w, w)) : Twist2.Rest;
        _commandTick = _world.Ticks;
        _safe = false;
    }

    /// <summary>Stops the wheels from the next tick on, until the next <see cref="Command"/>. Any thread.</summary>
    public void MakeSafe() => _safe = true;

    /// <summary>Sets a goal from outside; replaces the present one.</summary>
    public void SetGoal(in Goal goal)
    {
        Goal = goal;
        _station = goal.Id - 1;
    }

    /// <summary>Puts the robot where another world says it is, and leaves its moving to that world from now on: here it only goes on with its velocity for 200 ms, and stands after that.</summary>
    /// <remarks>It is seen, and it is in the way, as any robot; contacts are the others'. A world with puppets cannot be frozen.</remarks>
    /// <param name="pose">Where it is; finite.</param>
    /// <param name="vx">Metres per second east.</param>
    /// <param name="vy">Metres per second north.</param>
    public void Place(in Pose2 pose, double vx, double vy)
    {
        if (!(double.IsFinite(pose.X) && double.IsFinite(pose.Y) && double.IsFinite(pose.Heading) && double.IsFinite(vx) && double.IsFinite(vy))) throw new ArgumentException($"{Name} is placed at {pose} with ({vx}, {vy}) m/s; must be finite.", nameof(pose));
        IsPuppet = true;
        (_x, _y, _heading, Vx, Vy, TurnRate) = (pose.X, pose.Y, DeterministicMath.WrapAngle(pose.Heading), vx, vy, 0);
        (Cos, Sin) = (DeterministicMath.Cos(_heading), DeterministicMath.Sin(_heading));
        _placedTick = _world.Ticks;
    }

    internal void Drive(double dt)
    {
        if (IsPuppet)
        {
            if (_world.Ticks - _placedTick > PuppetTicks) (Vx, Vy) = (0, 0);
            (_x, _y) = (_x + Vx * dt, _y + Vy * dt);
            return;
        }
        bool silent = _world.Ticks - _commandTick >= _timeoutTicks;
        if (silent && !_timedOut) CommandTimeouts++;
        _timedOut = silent;
        var command = silent || _safe ? Twist2.Rest : _command;
        double turn = command.Angular * _spec.Track * 0.5;
        _left += ((command.Linear - turn) / _spec.WheelRadius - _left) * _lag;
        _right += ((command.Linear + turn) / _spec.WheelRadius - _right) * _lag;
        if (_world.Ticks % 10 == 0) Slip();
        double vl = _left * _leftRadius * (1 + _slipLeft), vr = _right * _rightRadius * (1 + _slipRight);
        TurnRate = (vr - vl) / _spec.Track;
        double fromX = _x, fromY = _y;
        ArcMotion.Move(0.5 * (vl + vr), TurnRate, dt, ref _x, ref _y, ref _heading, Cos, Sin, out double cos, out double sin);
        (Cos, Sin) = (cos, sin);
        Leave();
        (Vx, Vy) = ((_x - fromX) / dt, (_y - fromY) / dt);
        Distance += Math.Sqrt((_x - fromX) * (_x - fromX) + (_y - fromY) * (_y - fromY));
    }

    /// <summary>Pushes the body out of walls and obstacles; the wheels lose the part of their motion that drove it in, not the turn.</summary>
    internal void Leave()
    {
        if (!(Math.Abs(_x - _nearX) + Math.Abs(_y - _nearY) < 0.2))
        {
            _nearCount = _world.Map.Near(_x, _y, _spec.Radius + 0.3, _near);
            (_nearX, _nearY) = (_x, _y);
        }
        var bodies = _world.Bodies[.._world.ObstacleCount];
        for (int round = 0; round < 4; round++)
        {
            bool touched = false;
            for (int i = 0; i < bodies.Length; i++)
            {
                ref readonly var body = ref bodies[i];
                double reach = body.Radius + _spec.Radius, dx = _x - body.X, dy = _y - body.Y;
                if (dx * dx + dy * dy >= reach * reach) continue;
                double gap = body.Nearest(_x, _y, out double nx, out double ny) - _spec.Radius;
                if (gap >= 0) continue;
                PushOut(nx, ny, -gap);
                touched = true;
            }
            // Walls last: whatever pushes, a robot never ends up inside a wall.
            for (int k = 0; k < _nearCount; k++)
            {
                ref readonly var wall = ref _world.Map.Walls[_near[k]];
                var (px, py) = wall.Nearest(_x, _y);
                double dx = _x - px, dy = _y - py, d2 = dx * dx + dy * dy;
                if (d2 >= _spec.Radius * _spec.Radius) continue;
                double d = Math.Sqrt(d2);
                if (d > 1e-9) PushOut(dx / d, dy / d, _spec.Radius - d);
                else PushOut(-Cos, -Sin, _spec.Radius); // the centre on a wall: cannot be reached in ticks of 1.2 mm
                touched = true;
            }
            if (!touched) return;
        }
    }

    /// <summary>Moves the body along a normal and notes the contact.</summary>
    internal void PushOut(double nx, double ny, double depth)
    {
        if (IsPuppet) return;
        // A hair farther, so that a body that rests against a wall is free of it in exact arithmetic too.
        _x += nx * (depth + 1e-7);
        _y += ny * (depth + 1e-7);
        double ahead = 0.5 * (_left + _right);
        if (ahead * (Cos * nx + Sin * ny) < 0)
        {
            _left -= ahead;
            _right -= ahead;
        }
        if (_world.Ticks - _contactTick > ContactPauseTicks) Collisions++;
        _contactTick = _world.Ticks;
    }

    /// <summary>Everything that follows from the final pose of the tick.</summary>
    internal void Settle(double dt)
    {
        if (IsPuppet) return;
        double vl = _left * _spec.WheelRadius, vr = _right * _spec.WheelRadius, v = 0.5 * (vl + vr), w = (vr - vl) / _spec.Track;
        // Midpoint rule: odometry is wrong by its wheels anyway, far more than by third order in 1 ms.
        double middle = _odoHeading + 0.5 * w * dt;
        if (v != 0)
        {
            _odoX += v * dt * DeterministicMath.Cos(middle);
            _odoY += v * dt * DeterministicMath.Sin(middle);
        }
        _odoHeading = DeterministicMath.WrapAngle(_odoHeading + w * dt);
        Odometry = new Odometry(_world.Now, new Pose2(_odoX, _odoY, _odoHeading), new Twist2((float)v, (float)w));
        _inertia.Tick(_world.Ticks, _world.Now, Vx * Cos + Vy * Sin, TurnRate, dt);
        double gx = Goal.X - _x, gy = Goal.Y - _y;
        if (Goal.Id == 0) return;
        bool reached = gx * gx + gy * gy <= Goal.Radius * Goal.Radius, auto = _world.Scenario.AutoGoals;
        if (reached) GoalsReached++;
        else if (!auto || (_world.Ticks - _goalTick) * dt < _world.Scenario.GoalSeconds) return;
        else GoalsMissed++;
        if (auto) NextStation();
        else Goal = Goal.None;
    }

    /// <summary>Takes a range scan if one is due.</summary>
    /// <returns>How many beams were fired; −1 when no scan was due.</returns>
    internal int Scan(RangeScan scan, in SectorMask sectors, double rateHz)
    {
        if (_world.Ticks - _scanTick < (long)Math.Round(1000 / rateHz)) return -1;
        _scanTick = _world.Ticks;
        var spec = _world.Scenario.Scan;
        scan.Time = _world.Now;
        scan.MaxRange = (float)spec.MaxRange;
        scan.BearingStep = (float)(spec.FieldDegrees / spec.Beams * (Math.PI / 180));
        scan.FirstBearing = spec.FieldDegrees >= 360 ? 0 : -0.5f * scan.BearingStep * (spec.Beams - 1);
        int fired = 0;
        for (int beam = 0; beam < scan.Ranges.Length; beam++)
        {
            double bearing = scan.Bearing(beam);
            if (!sectors.Contains((int)Math.Floor(bearing * (180 / Math.PI) + 1e-4)))
            {
                scan.Ranges[beam] = float.NaN;
                continue;
            }
            fired++;
            double range = _world.Cast(this, bearing, spec.MaxRange, out var hit);
            if (hit != HitKind.None) range = Math.Clamp(range + spec.Noise * _ranges.NextGaussian(), 0, spec.MaxRange);
            scan.Ranges[beam] = (float)range;
        }
        return fired;
    }

    /// <summary>Reads the inertial sensor, its turn rate the mean since the last reading.</summary>
    internal ImuSample ReadImu() => _inertia.Read();

    internal void Freeze(IBufferWriter<byte> writer)
    {
        var w = new StateWriter(writer);
        Span<double> numbers = stackalloc double[NumberCount];
        Numbers(numbers);
        w.WriteSpan<double>(numbers);
        Span<long> counters = stackalloc long[CounterCount];
        Counters(counters);
        w.WriteSpan<long>(counters);
        w.Write(_wheels);
        _inertia.Freeze(w);
        w.Write(_ranges);
        w.Write(_goals);
        w.Write(CameraOn);
        Camera?.Freeze(writer);
    }

    internal void Thaw(ref StateReader r)
    {
        Span<double> n = stackalloc double[NumberCount];
        r.ReadSpan(n);
        Span<long> c = stackalloc long[CounterCount];
        r.ReadSpan(c);
        Restore(n, c);
        r.Read(_wheels);
        _inertia.Thaw(ref r);
        r.Read(_ranges);
        r.Read(_goals);
        CameraOn = r.ReadBoolean();
        Camera?.Thaw(ref r);
    }

    internal void AddTo(ref StateHasher hasher)
    {
        Span<double> numbers = stackalloc double[NumberCount];
        Numbers(numbers);
        foreach (double n in numbers) hasher.Add(n);
        Span<long> counters = stackalloc long[CounterCount];
        Counters(counters);
        foreach (long c in counters) hasher.Add(c);
        _wheels.AddTo(ref hasher);
        _inertia.AddTo(ref hasher);
        _ranges.AddTo(ref hasher);
        _goals.AddTo(ref hasher);
        if (CameraOn) Camera?.AddTo(ref hasher);
    }

    private const int NumberCount = 25, CounterCount = 13;

    private void Numbers(Span<double> n)
    {
        ReadOnlySpan<double> all =
        [
            _x, _y, _heading, _left, _right, _slipLeft, _slipRight, _odoX, _odoY, _odoHeading, _nearX, _nearY, Cos, Sin, Vx, Vy, TurnRate,
            Distance, _command.Linear, _command.Angular, Goal.X, Goal.Y, Goal.Radius,
            Odometry.Velocity.Linear, Odometry.Velocity.Angular,
        ];
        all.CopyTo(n);
    }

    private void Counters(Span<long> c)
    {
        ReadOnlySpan<long> all =
        [
            _commandTick, _contactTick, _scanTick, _station, _timedOut ? 1 : 0, _safe ? 1 : 0, Goal.Id, GoalsReached, Collisions, CommandTimeouts,
            Odometry.Time.Nanoseconds, _goalTick, GoalsMissed,
        ];
        all.CopyTo(c);
    }

    private void Restore(ReadOnlySpan<double> n, ReadOnlySpan<long> c)
    {
        (_x, _y, _heading, _left, _right, _slipLeft, _slipRight) = (n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
        (_odoX, _odoY, _odoHeading, _nearX, _nearY) = (n[7], n[8], n[9], n[10], n[11]);
        (Cos, Sin, Vx, Vy, TurnRate, Distance) = (n[12], n[13], n[14], n[15], n[16], n[17]);
        _command = new Twist2((float)n[18], (float)n[19]);
        (_commandTick, _contactTick, _scanTick, _station, _timedOut, _safe) = (c[0], c[1], c[2], (int)c[3], c[4] != 0, c[5] != 0);
        (GoalsReached, Collisions, CommandTimeouts) = ((int)c[7], (int)c[8], (int)c[9]);
        (_goalTick, GoalsMissed) = (c[11], (int)c[12]);
        Goal = new Goal((int)c[6], n[20], n[21], (float)n[22]);
        Odometry = new Odometry(new Stamp(c[10]), new Pose2(_odoX, _odoY, _odoHeading), new Twist2((float)n[23], (float)n[24]));
        // The walls near by are those around the place where the list was made, not around the present place.
        _nearCount = double.IsNaN(_nearX) ? 0 : _world.Map.Near(_nearX, _nearY, _spec.Radius + 0.3, _near);
    }

    private void Slip()
    {
        const double Step = 0.01;
        double kick = _spec.WheelNoise * Math.Sqrt(2 * Step / SlipSeconds);
        _slipLeft += -_slipLeft * (Step / SlipSeconds) + kick * _wheels.NextGaussian();
        _slipRight += -_slipRight * (Step / SlipSeconds) + kick * _wheels.NextGaussian();
    }

    private void NextStation()
    {
        var stations = _world.Scenario.Stations;
        if (stations.Count == 0) return;
        int next = _goals.NextInt32(stations.Count);
        if (next == _station) next = (next + 1) % stations.Count;
        _station = next;
        _goalTick = _world.Ticks;
        var station = stations[next];
        Goal = new Goal(next + 1, station.X, station.Y, (float)station.Radius);
    }
}
