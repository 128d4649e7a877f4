using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Draws what goes wrong in a simulated fleet.</summary>
internal static class FleetFaults
{
    private const long Second = FleetWorld.Second;

    /// <summary>One robot alone, for longer than the others wait for it, with its wall clock a minute back: what it holds runs out all the same.</summary>
    public static FaultPlan CutOffWithAClockPutBack(string name)
    {
        var rest = FleetWorld.Names.Where(n => n != name).Append("fleet").ToList();
        var (from, until) = (new Stamp(8 * Second), new Stamp(FleetWorld.FaultsEnd + 2 * Second));
        return new FaultPlan([Fault.Partition([[name], rest], from, until), Fault.ClockJump(name, Duration.FromSeconds(-60), new Stamp(8 * Second + 1))]);
    }

    public static FaultPlan Make(RandomStream random, int most, FleetWorld world)
    {
        List<Fault> faults = [];
        for (int k = random.NextInt32(most + 1); k > 0; k--)
        {
            long from = (long)(random.NextDouble() * (FleetWorld.FaultsEnd - 2 * Second)), until = Math.Min(FleetWorld.FaultsEnd, from + (long)((0.2 + random.NextDouble() * 8) * Second));
            var (begin, end) = (new Stamp(from), new Stamp(until));
            string name = FleetWorld.Names[random.NextInt32(FleetWorld.Robots)], other = FleetWorld.Names[random.NextInt32(FleetWorld.Robots)];
            int robot = Array.IndexOf(FleetWorld.Names, name);
            switch (random.NextInt32(15))
            {
                case 0: faults.Add(Fault.Drop(random.NextDouble(0.02, 0.4), FaultScope.All, begin, end)); break;
                case 1: faults.Add(Fault.Duplicate(random.NextDouble(0.05, 0.4), 1, DelayModel.Uniform(Duration.Zero, Duration.FromSeconds(3)), FaultScope.All, begin, end)); break;
                case 2: faults.Add(Fault.Delayed(DelayModel.HeavyTail(Duration.FromMilliseconds(5), 1, Duration.FromSeconds(4)), FaultScope.All, begin, end)); break;
                case 3: faults.Add(Fault.Reorder(Duration.FromSeconds(random.NextDouble(0.05, 2)), FaultScope.All, begin, end, breakOrder: true)); break;
                case 4 or 5:
                    var sides = FleetWorld.Names.Append("fleet").ToLookup(_ => random.NextInt32(2));
                    faults.Add(Fault.Partition([sides[0].ToList(), sides[1].ToList()], begin, end));
                    break;
                case 6: faults.Add(Fault.OneWay(name, other, begin, end)); break;
                case 7: faults.Add(Fault.Disconnect(name, random.NextInt32(2) == 0 ? DisconnectMode.Abrupt : DisconnectMode.Frozen, begin, end)); break;
                case 8: faults.Add(Fault.HubCrash(new Stamp((long)(from * random.NextDouble())), begin, new Stamp(Math.Min(until, from + 2 * Second)))); break;
                case 9: faults.Add(Fault.HubRestart(random.NextInt32(2) == 0, begin, new Stamp(Math.Min(until, from + 2 * Second)))); break;
                case 10: faults.Add(Fault.ClockJump(name, Duration.FromSeconds(random.NextDouble(-60, 60)), begin)); break;
                case 11: world.At(from, () => world[robot].Freeze(until)); break;
                case 12:
                    world.At(from, () => world.Board.Crash());
                    world.At(until, () => world.Board.Start());
                    break;
                case 13:
                    bool lose = random.NextInt32(3) == 0 && world.LostDisks++ == 0;
                    world.At(from, () => world[robot].Crash(lose));
                    // Nobody changes a disk within a second.
                    world.At(lose ? Math.Max(until, from + 11 * Second / 10) : until, () => world[robot].Start());
                    break;
                case 14:
                    world.At(from, () => world[robot].DiesInTheAct = true);
                    world.At(FleetWorld.FaultsEnd, () =>
                    {
                        world[robot].DiesInTheAct = false;
                        world[robot].Start();
                    });
                    break;
            }
        }
        return new FaultPlan(faults);
    }
}
