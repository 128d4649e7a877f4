using EdgeAutonomy.Perception;
using EdgeAutonomy.Policies;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Simulation;

namespace EdgeAutonomy.Host;

/// <summary>Robots in one built-in world, each with its own loop and its own period, run in lockstep with the world.</summary>
/// <remarks>One thread. The same scenario, seed and number of robots give the same <see cref="StateHash"/> on every machine: nothing is decided
/// from measured time.</remarks>
internal sealed class SimulatedFleet
{
    /// <summary>The most robots the built-in scenarios have room for.</summary>
    public const int MaxRobots = 8;

    private const int WarmUpCycles = 256; // cycles before bytes are counted: the first calls allocate once for the JIT

    private readonly World _world;
    private readonly Lockstep _lockstep;
    private readonly IControlLoop[] _loops;
    private long _cycles, _allocatedAtStart, _countedFrom, _allocated, _counted;

    /// <summary>Makes the world and the loops, and starts them.</summary>
    /// <param name="options">Scenario, robots, sensors, pacer.</param>
    /// <param name="seed">Seed of the world and of every loop.</param>
    /// <exception cref="EdgeException">There is no such scenario.</exception>
    public SimulatedFleet(FleetOptions options, ulong seed)
    {
        var clock = new SimClock();
        _world = new World(options.Create(seed), clock);
        _loops = [.. _world.Robots.Select(r => Loop(_world, r, clock, options, seed))];
        _lockstep = new Lockstep(clock, _world, _loops);
        _lockstep.Start();
    }

    /// <summary>Gets the simulated time.</summary>
    public Stamp Now => _world.Now;

    /// <summary>Gets the cycles of all loops.</summary>
    public long Cycles => _cycles;

    /// <summary>Gets the world.</summary>
    public World World => _world;

    /// <summary>Gets the loops, in the order of the robots.</summary>
    public IReadOnlyList<IControlLoop> Loops => _loops;

    /// <summary>Gets the goals that all robots reached.</summary>
    public long GoalsReached => _world.Robots.Sum(r => (long)r.GoalsReached);

    /// <summary>Gets the goals that were given up because their time ran out.</summary>
    public long GoalsMissed => _world.Robots.Sum(r => (long)r.GoalsMissed);

    /// <summary>Gets the events that all cameras delivered.</summary>
    public long Events => _loops.Sum(l => l.Statistics.Items);

    /// <summary>Gets the contacts of all robots.</summary>
    public long Collisions => _world.Robots.Sum(r => (long)r.Collisions);

    /// <summary>Gets the energy of all robots in joule, estimated.</summary>
    public double EnergyJoules => _loops.Sum(l => l.Statistics.EnergyJoules);

    /// <summary>Gets the bytes allocated per cycle after the warm-up.</summary>
    public double AllocatedBytesPerCycle => _counted == 0 ? 0 : (double)_allocated / _counted;

    /// <summary>Gets the hash of every loop's whole history and of the world.</summary>
    public ulong StateHash
    {
        get
        {
            var hasher = new StateHasher();
            foreach (var loop in _loops) hasher.Add(loop.Cycle.StateHash);
            _world.AddTo(ref hasher);
            return hasher.Value;
        }
    }

    /// <summary>Runs everything up to an instant.</summary>
    public void RunUntil(Stamp end)
    {
        if (_cycles < WarmUpCycles)
        {
            _cycles += _lockstep.RunUntil(end);
            _countedFrom = _cycles;
            return;
        }
        _allocatedAtStart = GC.GetAllocatedBytesForCurrentThread();
        _cycles += _lockstep.RunUntil(end);
        _allocated += GC.GetAllocatedBytesForCurrentThread() - _allocatedAtStart;
        _counted = _cycles - _countedFrom;
    }

    /// <summary>Ends every loop: the safe command is the last one.</summary>
    public void Finish() => _lockstep.Finish();

    /// <summary>Returns one row per robot.</summary>
    /// <param name="present">True for the present period, false for the mean.</param>
    public IReadOnlyList<RobotRow> Rows(bool present)
    {
        double seconds = Math.Max(_world.Now.Seconds, 1e-9);
        return
        [
            .. _world.Robots.Select(r =>
            {
                var s = _loops[r.Index].Statistics;
                double periodMs = present ? _loops[r.Index].Grid[s.PeriodIndex].Milliseconds : s.Cycles == 0 ? 0 : seconds * 1e3 / s.Cycles;
                return new RobotRow(r.Name, s.Rung.ToString(), periodMs, s.Items / seconds, LatencyUs.Of(s.EndToEnd), r.GoalsReached, r.Collisions, s.Cycles);
            }),
        ];
    }

    /// <summary>Adds the latencies of all loops to a histogram.</summary>
    public void AddLatencies(LatencyHistogram target)
    {
        foreach (var loop in _loops) target.Merge(loop.Statistics.EndToEnd);
    }

    /// <summary>Returns the camera of a scenario as perception sees it.</summary>
    internal static CameraGeometry Geometry(Scenario scenario) =>
        new(scenario.Camera.Width, scenario.Camera.Height, scenario.Camera.FieldOfViewDegrees * (Math.PI / 180));

    /// <summary>Makes the energy meter of a simulated rover.</summary>
    /// <remarks>The rover's sensor reports its own standing power; and the measured busy time, which holds the simulation's rendering, must not count
    /// as the robot's, nor make the energy differ between machines.</remarks>
    internal static ModelEnergyMeter CreateMeter() => new(new ModelEnergyOptions { SensorWatt = 0, BusyWatt = 0 });

    /// <summary>Returns the policy's options for a body and a speed.</summary>
    internal static GoToGoalOptions PolicyOptions(double maxSpeed, double radius)
    {
        var standard = new GoToGoalOptions();
        float speed = (float)maxSpeed, blind = Math.Min(standard.EventsOnlySpeedMetrePerSecond, speed);
        return standard with
        {
            RobotRadiusMetre = (float)radius,
            MaxSpeedMetrePerSecond = speed,
            EventsOnlySpeedMetrePerSecond = blind,
            CreepSpeedMetrePerSecond = Math.Min(standard.CreepSpeedMetrePerSecond, blind),
        };
    }

    private static ControlLoop<RoverSample, Percept, Twist2> Loop(World world, Rover rover, SimClock clock, FleetOptions fleet, ulong seed)
    {
        var sensor = new RoverSensor(world, rover.Index, fleet.Ranging);
        var perceiver = new RoverPerceiver(new RoverPerceiverOptions { Camera = Geometry(world.Scenario) });
        var grid = PeriodGrid.Default;
        var options = new LoopOptions { Name = rover.Name, Seed = seed, Grid = grid, StartIndex = fleet.Pacer.StartIndex, MeasuredDecisions = false };
        return new ControlLoop<RoverSample, Percept, Twist2>(options, new LoopStages<RoverSample, Percept, Twist2>
        {
            Sensor = sensor,
            Perceive = PerceiverChain<RoverSample, Percept>.Of(perceiver),
            Policy = new GoToGoalPolicy(PolicyOptions(1, rover.Radius)),
            Actuator = new RoverActuator(world, rover.Index),
            Rules = new TwistRules(),
            Pacer = fleet.Pacer.Create(),
            Sample = sensor.CreateSample(),
            Percept = perceiver.CreatePercept(),
            Energy = CreateMeter(),
        }, clock);
    }
}
