using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;
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
    /// <param name="lanes">How the loops hand their cycles over; null = they do not.</param>
    /// <exception cref="EdgeException">There is no such scenario.</exception>
    public SimulatedFleet(SimulatedFleetOptions options, ulong seed, LaneOptions? lanes = null)
    {
        var clock = new SimClock();
        _world = new World(options.Create(seed), clock);
        Configuration = options.Configure(_world, seed);
        var factory = new LoopFactory(Configuration, new LoopWiring { Robot = name => (_world, Index(name)), Clock = clock, Lanes = lanes });
        var built = Configuration.Loops.Keys.Select(factory.Build).ToArray();
        _loops = [.. built.Select(b => b.Loop)];
        Lanes = [.. built.Select(b => b.Lane).OfType<RecordLane>()];
        _lockstep = new Lockstep(clock, _world, _loops);
        _lockstep.Start();
    }

    /// <summary>Gets the configuration that the loops were made from.</summary>
    public EdgeOptions Configuration { get; }

    /// <summary>Gets where the loops' cycles go, in the order of the robots; empty when nobody looks.</summary>
    public IReadOnlyList<RecordLane> Lanes { get; }

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

    private int Index(string name) => _world.Robots.Single(r => r.Name == name).Index;
}
