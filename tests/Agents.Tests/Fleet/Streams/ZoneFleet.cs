using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Five robots that drive to and fro through three zones, over the in-memory hub, with everything going wrong until 25 s.</summary>
internal sealed class ZoneFleet
{
    internal const long Ms = 1_000_000, Second = 1_000 * Ms, FaultsEnd = 25 * Second, End = 175 * Second;
    internal static readonly string[] Names = ["r1", "r2", "r3", "r4", "r5"];
    private readonly List<(long At, Action What)> _script = [];
    private readonly ZoneTraveller[] _robots;

    private ZoneFleet(ulong seed, ZoneStreamOptions options)
    {
        (Seed, Options, Random, Hub) = (seed, options with { Users = seed % 4 < 2 ? Names : null }, RandomStream.For(seed, "zones"), new MemoryHub(seed));
        Map = new ZoneMap(Enumerable.Range(0, 3).Select(i => new Zone($"z{i}", [new(2 * i, -1), new(2 * i + 2, -1), new(2 * i + 2, 1), new(2 * i, 1)], seed % 2 == 0 || i != 1 ? 1 : 2, ZoneLossPolicy.Stop, seed % 2 == 0 ? "c" : "", i)));
        _robots = [.. Names.Select((n, i) => new ZoneTraveller(this, n, i))];
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

    public ZoneStreamOptions Options { get; }

    public RandomStream Random { get; }

    public MemoryHub Hub { get; }

    public ZoneMap Map { get; }

    public Roster Roster { get; } = new(1, Names);

    public FaultPlan Plan { get; }

    public int Entries { get; private set; }

    public static string? Run(ulong seed, ZoneStreamOptions options)
    {
        var world = new ZoneFleet(seed, options);
        return world.Drive() is { } fault ? $"{fault}{Environment.NewLine}{world.Plan}" : null;
    }

    public static ulong Trace(ulong seed, ZoneStreamOptions options)
    {
        var world = new ZoneFleet(seed, options);
        world.Drive();
        return world.Hub.TraceHash;
    }

    private string? Drive()
    {
        int next = 0;
        while (Hub.Now.Nanoseconds < End)
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
            if (moved && Check() is { } fault) return $"{fault} at {at / 1e9:F3} s";
            if (at > FaultsEnd && Array.TrueForAll(_robots, r => r.Served)) return null;
        }
        return $"not served {(End - FaultsEnd) / Second} s after the last fault: {string.Join("; ", _robots.Where(r => !r.Served).Select(r => r.ToString()))}";
    }

    private string? Check()
    {
        for (int z = 0; z < Map.Count; z++)
        {
            int inside = 0;
            foreach (var robot in _robots)
            {
                if (robot.IsIn(z)) inside++;
            }
            if (inside > Map[z].Capacity) return $"{Map[z].Id} has {inside} robots ({string.Join("; ", _robots.Where(r => r.IsIn(z)).Select(r => r.ToString()))})";
        }
        return null;
    }

    private List<Fault> Faults()
    {
        List<Fault> faults = [];
        for (int k = Random.NextInt32(8); k > 0; k--)
        {
            long from = (long)(Random.NextDouble() * (FaultsEnd - 2 * Second)), until = Math.Min(FaultsEnd, from + (long)((0.2 + Random.NextDouble() * 8) * Second));
            var (begin, end) = (new Stamp(from), new Stamp(until));
            int which = Random.NextInt32(Names.Length);
            string name = Names[which], other = Names[Random.NextInt32(Names.Length)];
            switch (Random.NextInt32(14))
            {
                case 0: faults.Add(Fault.Drop(Random.NextDouble(0.02, 0.4), FaultScope.All, begin, end)); break;
                case 1: faults.Add(Fault.Duplicate(Random.NextDouble(0.05, 0.4), 1, DelayModel.Uniform(Duration.Zero, Duration.FromSeconds(3)), FaultScope.All, begin, end)); break;
                // A beacon is at most a second old when it arrives.
                case 2: faults.Add(Fault.Delayed(DelayModel.HeavyTail(Duration.FromMilliseconds(5), 1, Duration.FromSeconds(0.4)), FaultScope.All, begin, end)); break;
                case 3: faults.Add(Fault.Reorder(Duration.FromSeconds(Random.NextDouble(0.05, 0.4)), FaultScope.All, begin, end, breakOrder: true)); break;
                case 4 or 5:
                    var sides = Names.ToLookup(_ => Random.NextInt32(2));
                    faults.Add(Fault.Partition([sides[0].ToList(), sides[1].ToList()], begin, end));
                    break;
                case 6: faults.Add(Fault.OneWay(name, other, begin, end)); break;
                case 7: faults.Add(Fault.Disconnect(name, Random.NextInt32(2) == 0 ? DisconnectMode.Abrupt : DisconnectMode.Frozen, begin, end)); break;
                case 8: faults.Add(Fault.HubCrash(new Stamp((long)(from * Random.NextDouble())), begin, new Stamp(Math.Min(until, from + 2 * Second)))); break;
                case 9: faults.Add(Fault.HubRestart(Random.NextInt32(2) == 0, begin, new Stamp(Math.Min(until, from + 2 * Second)))); break;
                case 10: _script.Add((from, () => _robots[which].Freeze(until))); break;
                case 11 or 12:
                    // Whoever coordinates then.
                    _script.Add((from, () =>
                    {
                        var leader = Array.Find(_robots, r => r.Node?.IsCoordinating(r.Now) == true) ?? _robots[which];
                        leader.Crash();
                        _script.Add((until, leader.Start));
                        _script.Sort((a, b) => a.At.CompareTo(b.At));
                    }
                    ));
                    break;
                case 13:
                    _script.Add((from, () => _robots[which].Crash()));
                    _script.Add((until, () => _robots[which].Start()));
                    break;
            }
        }
        return faults;
    }
}
