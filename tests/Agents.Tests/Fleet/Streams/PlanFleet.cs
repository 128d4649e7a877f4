using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>What goes wrong in a fleet that plans.</summary>
internal enum PlanTrouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Up to 10 % lost, up to 200 ms late, doubled, out of order, all the time.</summary>
    Nominal,

    /// <summary>Everything, until 25 s.</summary>
    Hard,
}

/// <summary>Robots that plan their ways over the in-memory hub, in virtual time.</summary>
internal sealed class PlanFleet
{
    internal const long Ms = 1_000_000, Second = 1_000 * Ms, FaultsEnd = 25 * Second;
    private readonly List<(long At, Action What)> _script = [];
    private readonly PlanTraveller[] _robots;
    private readonly PlanTrouble _trouble;

    public PlanFleet(ulong seed, RouteGraph graph, PlanStreamOptions options, PlanTrouble trouble, (int Start, int Goal)[] ways, bool onWheels = false)
    {
        OnWheels = onWheels;
        (Seed, Graph, Random, Hub, _trouble) = (seed, graph, RandomStream.For(seed, "plans"), new MemoryHub(seed), trouble);
        Names = [.. Enumerable.Range(1, ways.Length).Select(i => $"r{i}")];
        Options = options.Robots is null ? options : options with { Robots = Names };
        Roster = new Roster(1, Names.Length % 2 == 0 ? Names[1..] : Names);
        _robots = [.. ways.Select((w, i) => new PlanTraveller(this, Names[i], w.Start, w.Goal))];
        foreach (var robot in _robots) robot.Start();
        Plan = new FaultPlan(Faults());
        Hub.Apply(Plan);
        _script.Add((FaultsEnd, () =>
        {
            foreach (var robot in _robots) robot.Start();
        }
        ));
        _script.Sort((a, b) => a.At.CompareTo(b.At));
    }

    public ulong Seed { get; }

    public RouteGraph Graph { get; }

    public PlanStreamOptions Options { get; }

    public RandomStream Random { get; }

    public MemoryHub Hub { get; }

    public string[] Names { get; }

    public Roster Roster { get; }

    public FaultPlan Plan { get; }

    /// <summary>Gets whether robots have wheels and follow their plans with a <see cref="RouteFollower"/>; else they are points.</summary>
    public bool OnWheels { get; }

    public PlanTraveller this[int robot] => _robots[robot];

    /// <summary>Gets the least distance of two robots' middles, metres.</summary>
    public double Separation { get; private set; } = double.PositiveInfinity;

    public double Seconds => Hub.Now.Nanoseconds / 1e9;

    public long Messages => _robots.Sum(r => r.Messages);

    public int Windows => _robots.Max(r => r.Windows);

    public bool Deadlocked => Array.Exists(_robots, r => r.Deadlocked);

    public bool Arrived => Array.TrueForAll(_robots, r => r.Arrived);

    public void At(long time, Action what)
    {
        _script.Add((time, what));
        _script.Sort((a, b) => a.At.CompareTo(b.At));
    }

    public override string ToString() => $"{string.Join(Environment.NewLine, _robots.Select(r => r.ToString()))}{Environment.NewLine}{Plan}";

    /// <summary>Runs until all have arrived, or a deadlock is reported, or the time is over.</summary>
    /// <returns>A conflict; null = none.</returns>
    public string? Drive(double seconds, bool untilArrived = true)
    {
        int next = 0;
        while (Seconds < seconds)
        {
            long at = Hub.NextEvent?.Nanoseconds ?? long.MaxValue;
            if (next < _script.Count) at = Math.Min(at, _script[next].At);
            foreach (var robot in _robots) at = Math.Min(at, robot.Due);
            at = Math.Max(at, Hub.Now.Nanoseconds);
            Hub.RunUntil(new Stamp(at));
            while (next < _script.Count && _script[next].At <= at) _script[next++].What();
            while (Hub.TakeArrived(out var link))
            {
                foreach (var robot in _robots)
                {
                    if (robot.Link == link) robot.Wake = true;
                }
            }
            bool moved = false;
            foreach (var robot in _robots) moved |= robot.Step();
            if (moved && Check() is { } fault) return $"{fault} at {Seconds:F3} s{Environment.NewLine}{this}";
            if (untilArrived && (_trouble != PlanTrouble.Hard || at > FaultsEnd) && (Arrived || Deadlocked)) return null;
        }
        return null;
    }

    private string? Check()
    {
        double least = 2 * (Options.Radius - Options.Tolerance) + Options.Planner.Clearance;
        Vector2D[][] lines = [.. _robots.Select(r => r.Plans?.HeldLine ?? [])];
        for (int a = 0; a < _robots.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                double apart = Vector2D.Distance(_robots[a].At, _robots[b].At);
                Separation = Math.Min(Separation, apart);
                // The radius that they claim contains the tolerance by which they may be beside their lines.
                if (ClaimLine.Near(lines[a], lines[b], least)) return $"{Names[b]} and {Names[a]} hold lines less than {least} m apart";
                if (apart < least) return $"{Names[b]} and {Names[a]} are {apart:F3} m apart";
            }
        }
        return null;
    }

    private List<Fault> Faults()
    {
        List<Fault> faults = [];
        var (always, never) = (new Stamp(0), new Stamp(1000 * Second));
        if (_trouble == PlanTrouble.Nominal)
        {
            faults.Add(Fault.Drop(Random.NextDouble(0, 0.1), FaultScope.All, always, never));
            faults.Add(Fault.Delayed(DelayModel.Uniform(Duration.Zero, Duration.FromMilliseconds(Random.NextDouble(20, 200))), FaultScope.All, always, never));
            if (Random.NextInt32(2) == 0) faults.Add(Fault.Duplicate(0.1, 1, DelayModel.Uniform(Duration.Zero, Duration.FromMilliseconds(200)), FaultScope.All, always, never));
            if (Random.NextInt32(3) == 0) faults.Add(Fault.Reorder(Duration.FromMilliseconds(50), FaultScope.All, always, never, breakOrder: true));
        }
        if (_trouble != PlanTrouble.Hard) return faults;
        for (int k = 1 + Random.NextInt32(8); k > 0; k--)
        {
            long from = (long)(Random.NextDouble() * (FaultsEnd - 2 * Second)), until = Math.Min(FaultsEnd, from + (long)((0.2 + Random.NextDouble() * 10) * Second));
            var (begin, end) = (new Stamp(from), new Stamp(until));
            int which = Random.NextInt32(Names.Length);
            string name = Names[which], other = Names[Random.NextInt32(Names.Length)];
            switch (Random.NextInt32(14))
            {
                case 0: faults.Add(Fault.Drop(Random.NextDouble(0.02, 0.5), FaultScope.All, begin, end)); break;
                case 1: faults.Add(Fault.Duplicate(Random.NextDouble(0.05, 0.4), 1, DelayModel.Uniform(Duration.Zero, Duration.FromSeconds(3)), FaultScope.All, begin, end)); break;
                case 2: faults.Add(Fault.Delayed(DelayModel.HeavyTail(Duration.FromMilliseconds(5), 1, Duration.FromSeconds(4)), FaultScope.All, begin, end)); break;
                case 3: faults.Add(Fault.Reorder(Duration.FromSeconds(Random.NextDouble(0.05, 2)), FaultScope.All, begin, end, breakOrder: true)); break;
                case 4 or 5 or 6:
                    var sides = Names.ToLookup(_ => Random.NextInt32(2));
                    faults.Add(Fault.Partition([sides[0].ToList(), sides[1].ToList()], begin, end));
                    break;
                case 7: faults.Add(Fault.OneWay(name, other, begin, end)); break;
                case 8: faults.Add(Fault.Disconnect(name, Random.NextInt32(2) == 0 ? DisconnectMode.Abrupt : DisconnectMode.Frozen, begin, end)); break;
                case 9: faults.Add(Fault.HubCrash(new Stamp((long)(from * Random.NextDouble())), begin, new Stamp(Math.Min(until, from + 2 * Second)))); break;
                case 10: faults.Add(Fault.HubRestart(Random.NextInt32(2) == 0, begin, new Stamp(Math.Min(until, from + 2 * Second)))); break;
                case 11: _script.Add((from, () => _robots[which].Freeze(until))); break;
                case 12 or 13:
                    _script.Add((from, () => _robots[which].Crash()));
                    _script.Add((until, () => _robots[which].Start()));
                    break;
            }
        }
        return faults;
    }
}
