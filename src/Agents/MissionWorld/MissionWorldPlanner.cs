namespace EdgeAutonomy.Agents;

/// <summary>Finds shortest plans by A*: for a map, a situation and an assumption about where items are.</summary>
/// <remarks>
/// Every command counts one. The estimate adds the work that is left to the larger of two lower bounds on the roads: carrying each item from
/// where it is over a station to a taker, one after the other, and a round tour of the points to inspect; doors and battery are left aside in it.
/// Two ways to one situation are compared by steps and battery; one that is worse in both is dropped. Not thread-safe.
/// </remarks>
/// <param name="map">The map.</param>
public sealed class MissionWorldPlanner(MissionWorldMap map)
{
    /// <summary>The most situations that one plan looks at.</summary>
    public const int MaxExpanded = 200_000;

    private readonly int[,] _tours = Tours(map);
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<uint, List<(int Steps, int Battery)>> _known = [];
    private readonly PriorityQueue<int, (int, int)> _queue = new();
    private readonly int[] _approach = new int[map.Places.Count];
    private IReadOnlyList<int> _itemPlaces = [], _itemLockers = [];
    private int _limit;

    /// <summary>Returns the steps that are left and the first of them; no command, and −1 steps, where the goal is out of reach.</summary>
    /// <param name="situation">Where the mission stands.</param>
    /// <param name="itemPlaces">Where each item lies that was not picked yet.</param>
    /// <param name="itemLockers">In which locker, or −1.</param>
    /// <param name="limit">Plans longer than this count as out of reach: it keeps hopeless situations from being searched to the end.</param>
    public (int Steps, (MissionWorldVerb Verb, int Thing, int Place)? First) Plan(
        in MissionWorldSituation situation, IReadOnlyList<int> itemPlaces, IReadOnlyList<int> itemLockers, int limit)
    {
        if (situation.Reported || situation.Wrong != 0) return (situation.Reported && IsDone(situation) ? 0 : -1, null);
        (_itemPlaces, _itemLockers, _limit) = (itemPlaces, itemLockers, limit);
        Prepare();
        _nodes.Clear();
        _known.Clear();
        _queue.Clear();
        Push(situation, -1, default, 0);
        for (int expanded = 0; expanded < MaxExpanded && _queue.TryDequeue(out int n, out _); expanded++)
        {
            var node = _nodes[n];
            if (node.State.Reported) return (node.Steps, FirstOf(n));
            if (IsStale(node)) continue;
            Expand(n, node);
        }
        return (-1, null);
    }

    private static int[,] Tours(MissionWorldMap map)
    {
        int masks = 1 << map.Targets.Count, places = map.Places.Count;
        var tours = new int[masks, places];
        for (int mask = 0; mask < masks; mask++)
        {
            for (int p = 0; p < places; p++)
            {
                int best = mask == 0 ? map.Hops(p, map.Dock) : int.MaxValue;
                for (int t = 0; t < map.Targets.Count; t++)
                {
                    if ((mask >> t & 1) != 0) best = Math.Min(best, map.Hops(p, map.Targets[t].Place) + tours[mask & ~(1 << t), map.Targets[t].Place]);
                }
                tours[mask, p] = best;
            }
        }
        return tours;
    }

    private bool IsDone(in MissionWorldSituation s) => s.Delivered == (1 << map.Items.Count) - 1 && (map.Wanted & ~s.Inspected) == 0;

    private (MissionWorldVerb, int, int)? FirstOf(int n)
    {
        while (_nodes[n].Parent > 0) n = _nodes[n].Parent;
        return _nodes[n].Parent < 0 ? null : _nodes[n].Command;
    }

    private bool IsStale(in Node node)
    {
        foreach (var (steps, battery) in _known[Key(node.State)])
        {
            if (steps <= node.Steps && battery >= node.State.Battery && (steps, battery) != (node.Steps, node.State.Battery)) return true;
        }
        return false;
    }

    private void Expand(int n, in Node node)
    {
        var s = node.State;
        bool done = IsDone(s);
        for (int p = 0; p < map.Places.Count; p++)
        {
            int road = map.RoadBetween(s.Place, p);
            if (road < 0) continue;
            int door = map.Roads[road].Door;
            if (door >= 0 && (s.DoorsOpen >> door & 1) == 0) Push(s with { DoorsOpen = s.DoorsOpen | 1 << door }, n, (MissionWorldVerb.OpenDoor, door, -1), node.Steps + 1);
            else if (s.Battery >= map.Roads[road].Cost) Push(s with { Place = p, Docked = false, Battery = s.Battery - map.Roads[road].Cost }, n, (MissionWorldVerb.Drive, -1, p), node.Steps + 1);
        }
        for (int i = 0; i < map.Items.Count; i++)
        {
            int itemClass = map.Items[i].Class;
            if (s.Held == i)
            {
                bool ready = (s.Processed >> i & 1) != 0 || !MissionWorldMap.NeedsProcess(itemClass);
                if (!ready && map.IsStation(s.Place, itemClass)) Push(s with { Processed = s.Processed | 1 << i }, n, (MissionWorldVerb.Process, i, s.Place), node.Steps + 1);
                if (ready && map.Takes(s.Place, itemClass)) Push(s with { Held = -1, Delivered = s.Delivered | 1 << i }, n, (MissionWorldVerb.Deliver, i, s.Place), node.Steps + 1);
            }
            else if ((s.Delivered >> i & 1) == 0 && _itemPlaces[i] == s.Place)
            {
                int locker = _itemLockers[i];
                if (locker >= 0 && (s.LockersOpen >> locker & 1) == 0) Push(s with { LockersOpen = s.LockersOpen | 1 << locker }, n, (MissionWorldVerb.OpenLocker, locker, s.Place), node.Steps + 1);
                else if (s.Held < 0) Push(s with { Held = i }, n, (MissionWorldVerb.Pick, i, s.Place), node.Steps + 1);
            }
        }
        for (int t = 0; t < map.Targets.Count; t++)
        {
            if ((map.Wanted & ~s.Inspected & 1 << t) != 0 && map.Targets[t].Place == s.Place) Push(s with { Inspected = s.Inspected | 1 << t }, n, (MissionWorldVerb.Inspect, t, s.Place), node.Steps + 1);
        }
        if (map.IsCharger(s.Place) && s.Battery < map.BatteryCapacity) Push(s with { Battery = map.BatteryCapacity }, n, (MissionWorldVerb.Charge, -1, -1), node.Steps + 1);
        if (!done || s.Place != map.Dock) return;
        if (s.Docked) Push(s with { Reported = true }, n, (MissionWorldVerb.Report, -1, -1), node.Steps + 1);
        else Push(s with { Docked = true }, n, (MissionWorldVerb.Dock, -1, -1), node.Steps + 1);
    }

    private void Push(in MissionWorldSituation state, int parent, (MissionWorldVerb, int, int) command, int steps)
    {
        int bound = steps + Estimate(state);
        if (bound > _limit) return;
        uint key = Key(state);
        if (!_known.TryGetValue(key, out var ways)) _known.Add(key, ways = []);
        foreach (var (s, b) in ways)
        {
            if (s <= steps && b >= state.Battery) return;
        }
        int battery = state.Battery;
        ways.RemoveAll(w => w.Steps >= steps && w.Battery <= battery);
        ways.Add((steps, battery));
        _nodes.Add(new Node(state, parent, command, steps));
        _queue.Enqueue(_nodes.Count - 1, (bound, _nodes.Count - 1));
    }

    /// <summary>Everything but the battery in one word: at most 16 places, 3 items, 4 doors, 4 lockers, 8 targets.</summary>
    private static uint Key(in MissionWorldSituation s) => (uint)(
        s.Place | (s.Held + 1) << 4 | s.Processed << 6 | s.Delivered << 9 | s.DoorsOpen << 12 | s.LockersOpen << 16 | s.Inspected << 20 | (s.Docked ? 1 << 28 : 0) | (s.Reported ? 1 << 29 : 0));

    /// <summary>For each place the fewest roads to it from anywhere that a delivery can end.</summary>
    private void Prepare()
    {
        for (int p = 0; p < _approach.Length; p++)
        {
            _approach[p] = int.MaxValue;
            for (int d = 0; d < _approach.Length; d++)
            {
                if (map.Places[d].Type is "ward" or "lab") _approach[p] = Math.Min(_approach[p], map.Hops(d, p));
            }
        }
    }

    private int Estimate(in MissionWorldSituation s)
    {
        if (s.Reported) return 0;
        int work = s.Docked && IsDone(s) ? 1 : 2, carry = 0, lockers = 0;
        bool carrying = false;
        for (int i = 0; i < map.Items.Count; i++)
        {
            if ((s.Delivered >> i & 1) != 0) continue;
            carrying = true;
            bool raw = MissionWorldMap.NeedsProcess(map.Items[i].Class) && (s.Processed >> i & 1) == 0;
            work += raw ? 2 : 1;
            if (s.Held == i)
            {
                carry += Carry(s.Place, map.Items[i].Class, raw);
                continue;
            }
            work++;
            if (_itemLockers[i] >= 0 && (s.LockersOpen >> _itemLockers[i] & 1) == 0) lockers |= 1 << _itemLockers[i];
            int approach = _approach[_itemPlaces[i]];
            if (s.Held < 0) approach = Math.Min(approach, map.Hops(s.Place, _itemPlaces[i]));
            carry += approach + Carry(_itemPlaces[i], map.Items[i].Class, raw);
        }
        carry += carrying ? _approach[map.Dock] : map.Hops(s.Place, map.Dock);
        int left = map.Wanted & ~s.Inspected;
        work += System.Numerics.BitOperations.PopCount((uint)left) + System.Numerics.BitOperations.PopCount((uint)lockers);
        return work + Math.Max(carry, _tours[left, s.Place]);
    }

    private int Carry(int from, int itemClass, bool raw)
    {
        int best = map.Places.Count * 2;
        for (int d = 0; d < map.Places.Count; d++)
        {
            if (!map.Takes(d, itemClass)) continue;
            if (!raw) best = Math.Min(best, map.Hops(from, d));
            for (int p = 0; raw && p < map.Places.Count; p++)
            {
                if (map.IsStation(p, itemClass)) best = Math.Min(best, map.Hops(from, p) + map.Hops(p, d));
            }
        }
        return best;
    }

    private readonly record struct Node(MissionWorldSituation State, int Parent, (MissionWorldVerb Verb, int Thing, int Place) Command, int Steps);
}
