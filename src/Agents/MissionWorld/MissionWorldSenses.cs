namespace EdgeAutonomy.Agents;

/// <summary>Reads a situation from the facts of a planning world.</summary>
internal sealed class MissionWorldSenses(MissionWorldMap map, PlanningWorld world)
{
    private readonly int _robot = world.Task.FindObject("robot");
    private readonly int[] _places = Ids(world, map.Places.Select(p => p.Name));
    private readonly int[] _items = Ids(world, map.Items.Select(i => i.Name));
    private readonly int[] _targets = Ids(world, map.Targets.Select(t => t.Name));
    private readonly int[] _doors = Ids(world, Enumerable.Range(1, map.Doors).Select(d => $"door {d}"));
    private readonly int[] _lockers = Ids(world, Enumerable.Range(1, map.Lockers.Count).Select(l => $"locker {l}"));

    public MissionWorldSituation Read(int battery)
    {
        int place = -1, held = -1, at = Predicate("at"), holding = Predicate("holding");
        for (int p = 0; p < _places.Length; p++)
        {
            if (world.HoldsAtom(at, [_robot, _places[p]])) place = p;
        }
        for (int i = 0; i < _items.Length; i++)
        {
            if (world.HoldsAtom(holding, [_robot, _items[i]])) held = i;
        }
        return new MissionWorldSituation(
            place, battery, held, world.HoldsAtom(Predicate("docked"), [_robot]), world.HoldsAtom(Predicate("reported"), [_robot]),
            Mask("processed", _items), Mask("delivered", _items), Mask("delivered-wrong", _items), Mask("door-open", _doors), Mask("opened-locker", _lockers), Mask("inspected", _targets));
    }

    private static int[] Ids(PlanningWorld world, IEnumerable<string> names) => [.. names.Select(n => world.Task.FindObject(MissionWorldDomain.IdOf(n)))];

    private int Predicate(string name) => world.Task.FindPredicate(name);

    private int Mask(string predicate, int[] things)
    {
        int number = Predicate(predicate), mask = 0;
        for (int i = 0; i < things.Length; i++)
        {
            if (world.HoldsAtom(number, [things[i]])) mask |= 1 << i;
        }
        return mask;
    }
}
