using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>Turns a belief into numbers: kinds, flags and road counts, never an entity's number, so that a policy carries over to other sites.</summary>
internal static class MissionWorldFeatures
{
    private const int Verbs = 10, Classes = 3, PlaceKinds = 8, Things = 8;

    private static readonly string[] StateFlags =
    [
        "time", "items left /3", "targets left /6", "items unknown /3", "held tray", "held part", "held parcel", "held ready", "held raw", "at station for held", "at taker for held",
        "known item here", "target here", "unopened locker here", "waiting trays /3", "waiting parts /3", "waiting parcels /3", "battery share", "battery covers charger",
        "battery covers dock", "roads to dock /6", "roads to charger /6", "docked", "all done", "delivered wrongly", "last refused",
    ];

    private static readonly string[] CandidateFlags =
    [
        "thing wanted", "thing held", "thing processed", "thing raw", "thing place known", "thing here", "place is station for held raw", "place is taker for held ready", "would deliver wrongly",
        "target fitted", "here", "road", "door shut", "battery covers", "cost share", "battery after covers charger",
        "nearer to held stop", "farther from held stop", "nearer to item", "farther from item", "nearer to locker", "farther from locker", "nearer to target", "farther from target",
        "nearer to dock", "farther from dock", "nearer to charger", "farther from charger", "all done", "hands full", "battery low", "issued 0", "issued 1", "issued 2+",
        "door on the way to something",
    ];

    public static MissionShape Shape { get; } = new(
        PlaceKinds + StateFlags.Length, PlaceKinds + Classes + Verbs + 1, Verbs + Things + PlaceKinds + CandidateFlags.Length, Vocabulary());

    public static void State(MissionWorldBelief belief, Span<float> to)
    {
        var map = belief.Map;
        var s = belief.Situation;
        to.Clear();
        to[Kind(map, s.Place)] = 1;
        Span<int> waiting = stackalloc int[Classes];
        waiting.Clear();
        int left = 0, itemHere = 0;
        for (int i = 0; i < map.Items.Count; i++)
        {
            if ((s.Delivered >> i & 1) != 0) continue;
            left++;
            if (i == s.Held) continue;
            waiting[map.Items[i].Class]++;
            if (belief.ItemPlaces[i] == s.Place) itemHere = 1;
        }
        int heldClass = s.Held < 0 ? -1 : map.Items[s.Held].Class;
        bool raw = IsRaw(map, s), ready = s.Held >= 0 && !raw;
        int targets = map.Wanted & ~s.Inspected, targetHere = 0, lockerHere = 0;
        for (int t = 0; t < map.Targets.Count; t++) targetHere |= (targets >> t & 1) != 0 && map.Targets[t].Place == s.Place ? 1 : 0;
        for (int l = 0; l < map.Lockers.Count; l++) lockerHere |= (s.LockersOpen >> l & 1) == 0 && map.Lockers[l] == s.Place ? 1 : 0;
        int charger = ToCharger(map, s.Place), dock = map.Hops(s.Place, map.Dock);
        ReadOnlySpan<float> flags =
        [
            (float)belief.Steps / belief.Limit, left / 3f, System.Numerics.BitOperations.PopCount((uint)targets) / 6f, System.Numerics.BitOperations.PopCount((uint)belief.Unknown) / 3f,
            Flag(heldClass == 0), Flag(heldClass == 1), Flag(heldClass == 2), Flag(ready), Flag(raw), Flag(raw && map.IsStation(s.Place, heldClass)), Flag(ready && map.Takes(s.Place, heldClass)),
            itemHere, targetHere, lockerHere, waiting[0] / 3f, waiting[1] / 3f, waiting[2] / 3f, (float)s.Battery / map.BatteryCapacity, Flag(s.Battery >= Far * charger),
            Flag(s.Battery >= Far * dock), dock / 6f, charger / 6f, Flag(s.Docked), Flag(belief.IsDone), Flag(s.Wrong != 0), Flag(belief.Steps > 0 && !belief.LastGrounded),
        ];
        flags.CopyTo(to[PlaceKinds..]);
    }

    public static void Event(MissionWorldBelief belief, Span<float> to)
    {
        to.Clear();
        if (belief.Steps == 0) return;
        if (belief.Last is { Verb: MissionWorldVerb.Drive } && belief.LastGrounded) to[Kind(belief.Map, belief.Situation.Place)] = 1;
        to = to[PlaceKinds..];
        for (int i = 0; i < belief.Map.Items.Count; i++)
        {
            if ((belief.JustSeen >> i & 1) != 0) to[belief.Map.Items[i].Class] = 1;
        }
        to = to[Classes..];
        if (belief.Last is { } last) to[(int)last.Verb] = 1;
        to[Verbs] = Flag(belief.LastGrounded);
    }

    public static void Candidate(MissionWorldBelief belief, MissionWorldCommand command, Span<float> to)
    {
        var map = belief.Map;
        var s = belief.Situation;
        bool isItem = command.Verb is MissionWorldVerb.Pick or MissionWorldVerb.Process or MissionWorldVerb.Deliver, isTarget = command.Verb == MissionWorldVerb.Inspect;
        to.Clear();
        to[(int)command.Verb] = 1;
        to = to[Verbs..];
        int thing = isItem ? map.Items[command.Thing].Class : isTarget ? Classes + map.Targets[command.Thing].Type
            : command.Verb == MissionWorldVerb.OpenDoor ? 6 : command.Verb == MissionWorldVerb.OpenLocker ? 7 : -1;
        if (thing >= 0) to[thing] = 1;
        to = to[Things..];
        int place = command.Place;
        if (place >= 0) to[Kind(map, place)] = 1;
        to = to[PlaceKinds..];
        bool isProcessed = isItem && (s.Processed >> command.Thing & 1) != 0, isRaw = isItem && !isProcessed && MissionWorldMap.NeedsProcess(map.Items[command.Thing].Class);
        bool wanted = (isItem && (s.Delivered >> command.Thing & 1) == 0) || (isTarget && (map.Wanted & ~s.Inspected & 1 << command.Thing) != 0)
            || (command.Verb == MissionWorldVerb.OpenLocker && (belief.Unknown != 0 || HoldsWanted(belief, command.Thing)));
        int heldClass = s.Held < 0 ? -1 : map.Items[s.Held].Class;
        bool raw = IsRaw(map, s);
        bool drive = command.Verb == MissionWorldVerb.Drive;
        int road = drive ? map.RoadBetween(s.Place, place) : -1, cost = road < 0 ? 0 : map.Roads[road].Cost;
        int door = command.Verb == MissionWorldVerb.OpenDoor ? command.Thing : road < 0 ? -1 : map.Roads[road].Door;
        int issued = belief.Issued(command.Text);
        Span<float> flags =
        [
            Flag(wanted), Flag(isItem && s.Held == command.Thing), Flag(isProcessed), Flag(isRaw), Flag(isItem && belief.ItemPlaces[command.Thing] >= 0),
            Flag((isTarget || command.Verb == MissionWorldVerb.OpenLocker) && place == s.Place), Flag(place >= 0 && raw && map.IsStation(place, heldClass)),
            Flag(place >= 0 && s.Held >= 0 && !raw && map.Takes(place, heldClass)), Flag(command.Verb == MissionWorldVerb.Deliver && isRaw),
            Flag(isTarget && (map.Sensors >> map.Targets[command.Thing].Type & 1) != 0), Flag(place == s.Place), Flag(road >= 0 || (command.Verb == MissionWorldVerb.OpenDoor && IsAtDoor(map, s.Place, door))),
            Flag(door >= 0 && (s.DoorsOpen >> door & 1) == 0), Flag(drive && s.Battery >= cost), drive ? (float)cost / map.BatteryCapacity : 0,
            Flag(drive && s.Battery - cost >= Far * ToCharger(map, place)),
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            Flag(belief.IsDone), Flag(s.Held >= 0), Flag(s.Battery < Far * (ToCharger(map, s.Place) + 1)), Flag(issued == 0), Flag(issued == 1), Flag(issued >= 2), 0,
        ];
        if (drive && road >= 0) Compare(belief, place, flags.Slice(16, 12));
        if (command.Verb == MissionWorldVerb.OpenDoor && IsAtDoor(map, s.Place, door)) flags[^1] = Flag(HelpsBehind(belief, door));
        flags.CopyTo(to);
    }

    // A road is about this many metres long, and so this much battery.
    private const int Far = 9;

    /// <summary>Fills nearer/farther pairs for what may be worth driving to.</summary>
    private static void Compare(MissionWorldBelief belief, int place, Span<float> pairs)
    {
        int from = belief.Situation.Place;
        for (int purpose = 0; purpose < 6; purpose++)
        {
            int now = Nearest(belief, from, purpose), then = Nearest(belief, place, purpose);
            pairs[2 * purpose] = Flag(then < now);
            pairs[2 * purpose + 1] = Flag(then > now);
        }
    }

    private static bool HelpsBehind(MissionWorldBelief belief, int door)
    {
        int from = belief.Situation.Place;
        foreach (var road in belief.Map.Roads)
        {
            if (road.Door != door) continue;
            int to = road.A == from ? road.B : road.A;
            for (int purpose = 0; purpose < 5; purpose++)
            {
                if (Nearest(belief, to, purpose) < Nearest(belief, from, purpose)) return true;
            }
        }
        return false;
    }

    /// <summary>Returns the roads to the nearest place of use: the held item's next stop, a known item to fetch, an unopened locker, a target, the dock, a charger.</summary>
    private static int Nearest(MissionWorldBelief belief, int from, int purpose)
    {
        var map = belief.Map;
        var s = belief.Situation;
        int best = int.MaxValue;
        switch (purpose)
        {
            case 0 when s.Held >= 0:
                bool raw = IsRaw(map, s);
                int itemClass = map.Items[s.Held].Class;
                for (int p = 0; p < map.Places.Count; p++)
                {
                    if (raw ? map.IsStation(p, itemClass) : map.Takes(p, itemClass)) best = Math.Min(best, map.Hops(from, p));
                }
                break;
            case 1 when s.Held < 0:
                for (int i = 0; i < map.Items.Count; i++)
                {
                    if ((s.Delivered >> i & 1) == 0 && belief.ItemPlaces[i] >= 0) best = Math.Min(best, map.Hops(from, belief.ItemPlaces[i]));
                }
                break;
            case 2 when belief.Unknown != 0:
                for (int l = 0; l < map.Lockers.Count; l++)
                {
                    if ((s.LockersOpen >> l & 1) == 0) best = Math.Min(best, map.Hops(from, map.Lockers[l]));
                }
                break;
            case 3:
                for (int t = 0; t < map.Targets.Count; t++)
                {
                    if ((map.Wanted & ~s.Inspected & 1 << t) != 0) best = Math.Min(best, map.Hops(from, map.Targets[t].Place));
                }
                break;
            case 4: return map.Hops(from, map.Dock);
            case 5: return ToCharger(map, from);
        }
        return best;
    }

    private static bool HoldsWanted(MissionWorldBelief belief, int locker)
    {
        for (int i = 0; i < belief.Map.Items.Count; i++)
        {
            if (belief.ItemLockers[i] == locker && (belief.Situation.Delivered >> i & 1) == 0) return true;
        }
        return false;
    }

    private static bool IsAtDoor(MissionWorldMap map, int place, int door)
    {
        foreach (var road in map.Roads)
        {
            if (road.Door == door && (road.A == place || road.B == place)) return true;
        }
        return false;
    }

    private static bool IsRaw(MissionWorldMap map, in MissionWorldSituation s)
        => s.Held >= 0 && MissionWorldMap.NeedsProcess(map.Items[s.Held].Class) && (s.Processed >> s.Held & 1) == 0;

    private static int ToCharger(MissionWorldMap map, int from)
    {
        int best = map.Places.Count;
        for (int p = 0; p < map.Places.Count; p++)
        {
            if (map.IsCharger(p)) best = Math.Min(best, map.Hops(from, p));
        }
        return best;
    }

    private static int Kind(MissionWorldMap map, int place)
    {
        for (int k = 0; k < PlaceKinds; k++)
        {
            if (MissionWorldMap.PlaceTypes[k] == map.Places[place].Type) return k;
        }
        return 0;
    }

    private static float Flag(bool value) => value ? 1 : 0;

    private static string Vocabulary()
    {
        string places = string.Join(' ', MissionWorldMap.PlaceTypes), verbs = string.Join(' ', Enum.GetNames<MissionWorldVerb>()), classes = string.Join(' ', MissionWorldMap.ItemClasses);
        return new StringBuilder("mission-world 1\n")
            .Append("state: at ").Append(places).Append(" | ").Append(string.Join(", ", StateFlags)).Append('\n')
            .Append("event: drove to ").Append(places).Append(" | saw ").Append(classes).Append(" | last ").Append(verbs).Append(" | grounded\n")
            .Append("candidate: verb ").Append(verbs).Append(" | thing ").Append(classes).Append(' ').Append(string.Join(' ', MissionWorldMap.TargetTypes)).Append(" door locker | place ")
            .Append(places).Append(" | ").Append(string.Join(", ", CandidateFlags)).Append('\n').ToString();
    }
}
