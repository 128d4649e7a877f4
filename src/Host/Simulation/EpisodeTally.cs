using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Adds up episodes.</summary>
internal sealed class EpisodeTally(ulong seed, int robots)
{
    private readonly LatencyHistogram _latency = new();
    private readonly LatencyHistogram[] _stages = StageLatencies.Create();
    private readonly RobotTally[] _perRobot = [.. Enumerable.Range(0, robots).Select(_ => new RobotTally())];
    private readonly List<MissionRow> _missions = [];
    private StateHasher _hash = new(seed);
    private int _episodes;
    private double _simSeconds, _energy, _bytes;
    private long _cycles, _goals, _missed, _collisions, _successes, _collided;

    /// <summary>Gets how many robots an episode has.</summary>
    public int Robots => robots;

    /// <summary>Adds one episode.</summary>
    public void Add(SimulatedFleet fleet)
    {
        _episodes++;
        _hash.Add(fleet.StateHash);
        fleet.AddLatencies(_latency);
        StageLatencies.Add(_stages, fleet);
        _simSeconds += fleet.Now.Seconds;
        _energy += fleet.EnergyJoules;
        _bytes += fleet.AllocatedBytesPerCycle * fleet.Cycles;
        _cycles += fleet.Cycles;
        _goals += fleet.GoalsReached;
        _missed += fleet.GoalsMissed;
        _collisions += fleet.Collisions;
        foreach (var robot in fleet.World.Robots)
        {
            if (robot.Collisions > 0) _collided++;
            else if (robot.GoalsReached > 0) _successes++;
            _perRobot[robot.Index].Add(robot.Name, fleet.Now.Seconds, fleet.Loops[robot.Index].Statistics, robot.GoalsReached, robot.Collisions);
        }
    }

    /// <summary>Adds an episode's missions.</summary>
    public void Add(IReadOnlyList<MissionRow> missions) => _missions.AddRange(missions);

    /// <summary>Makes the summary of what was added.</summary>
    public RunSummary Summary(double wallSeconds) => new()
    {
        Seed = seed,
        Robots = robots,
        Episodes = _episodes,
        SimSeconds = _simSeconds,
        WallSeconds = wallSeconds,
        Cycles = _cycles,
        GoalsReached = _goals,
        Collisions = _collisions,
        MissionsDone = _missions.Count(m => m.Outcome == MissionOutcome.Succeeded),
        Missions = _missions.Count == 0 ? null : _missions,
        MissionRate = _missions.Count == 0 ? null : Rate.Of(_missions.Count(m => m.Outcome == MissionOutcome.Succeeded), _missions.Count),
        StateHash = JsonOutput.Hash(_hash.Value),
        LatencyUs = LatencyUs.Of(_latency),
        AllocatedBytesPerCycle = _cycles == 0 ? 0 : _bytes / _cycles,
        EnergyJoules = _energy,
        SuccessRate = Rate.Of(_successes, (long)_episodes * robots),
        GoalRate = Rate.Of(_goals, _goals + _missed),
        CollisionRate = Rate.Of(_collided, (long)_episodes * robots),
        Stages = StageLatencies.Rows(_stages),
        PerRobot = [.. _perRobot.Select(r => r.Row())],
    };

    private sealed class RobotTally
    {
        private readonly LatencyHistogram _latency = new();
        private string _name = "";
        private Rung _worst;
        private double _seconds;
        private long _cycles, _items, _goals, _collisions;

        public void Add(string name, double seconds, LoopStatistics s, int goals, int collisions)
        {
            _name = name;
            _latency.Merge(s.EndToEnd);
            _seconds += seconds;
            _cycles += s.Cycles;
            _items += s.Items;
            _goals += goals;
            _collisions += collisions;
            if (s.WorstRung > _worst) _worst = s.WorstRung;
        }

        public RobotRow Row() => new(
            _name, _worst.ToString(), _cycles == 0 ? 0 : _seconds * 1e3 / _cycles, _seconds > 0 ? _items / _seconds : 0, LatencyUs.Of(_latency), _goals, _collisions, _cycles);
    }
}
