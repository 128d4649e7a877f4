using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Makes missions of MissionWorld from seeds: the same seed, family and options give the same mission on every machine.</summary>
/// <remarks>Draws that no plan solves, or that are far from the wanted length, are drawn again from the same stream.</remarks>
public static class MissionGenerator
{
    private const double Spacing = 7, Jitter = 1.6;
    private const int MaxDraws = 1000;
    private static readonly string[] SmallSite = ["dock", "charger", "wash", "mill", "ward", "lab", "store", "hall"];
    private static readonly string[] LargeSite = ["dock", "charger", "wash", "mill", "ward", "lab", "store", "hall", "store", "hall", "ward", "charger"];

    /// <summary>Makes a mission.</summary>
    /// <param name="seed">Any number; those divisible by 5 are kept for evaluation by <see cref="MissionWorldMissions"/>.</param>
    /// <param name="family">What it is about.</param>
    /// <param name="options">Size and variant.</param>
    /// <exception cref="ArgumentOutOfRangeException">The battery's capacity is outside [1, 1000].</exception>
    /// <exception cref="InvalidOperationException">No draw of the seed fits: the battery is too small for the site.</exception>
    public static MissionWorldLayout Generate(ulong seed, MissionFamily family, MissionWorldOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.BatteryCapacity is < 1 or > 1000)
            throw new ArgumentOutOfRangeException(nameof(options), $"BatteryCapacity is {options.BatteryCapacity}; must be in [1, 1000] metres of driving.");
        return Generate(NameOf(seed, family, options), RandomStream.For(seed, StreamOf(family, options)), family, options, null);
    }

    /// <summary>Makes another mission on the site of an earlier one, for a robot that goes on from where it stands: same places, roads, doors and sensors, doors and lockers closed again; other items, lockers and targets.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="family">What it is about.</param>
    /// <param name="options">Size and variant; size and battery as those of the site.</param>
    /// <param name="site">The site's map.</param>
    /// <param name="start">Where the robot stands: the number of a place.</param>
    /// <param name="battery">What it has left, in metres of driving; in [1, the site's capacity].</param>
    /// <exception cref="ArgumentOutOfRangeException">Start or battery are not of this site.</exception>
    /// <exception cref="InvalidOperationException">No draw of the seed fits: the battery is too low.</exception>
    public static MissionWorldLayout Generate(ulong seed, MissionFamily family, MissionWorldOptions options, MissionWorldMap site, int start, int battery)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(site);
        if (start < 0 || start >= site.Places.Count) throw new ArgumentOutOfRangeException(nameof(start), $"Start is {start}; the site has places 0 to {site.Places.Count - 1}.");
        if (battery < 1 || battery > site.BatteryCapacity) throw new ArgumentOutOfRangeException(nameof(battery), $"Battery is {battery}; must be in [1, {site.BatteryCapacity}].");
        return Generate(NameOf(seed, family, options) + "-next", RandomStream.For(seed, StreamOf(family, options) + "/next"), family, options, new Continuation(site, start, battery));
    }

    private static MissionWorldLayout Generate(string name, RandomStream random, MissionFamily family, MissionWorldOptions options, Continuation? from)
    {
        // Around 14 and 20 steps: long enough that one outcome at the end says little about the single step.
        var (least, most) = options.Size == MissionWorldSize.Small ? (11, 17) : (15, 24);
        for (int draw = 0; draw < MaxDraws; draw++)
        {
            var (map, itemPlaces, itemLockers) = Draw(random, family, options, from);
            int steps = new MissionWorldPlanner(map).Plan(StartOf(map), itemPlaces, itemLockers, most).Steps;
            if (steps < least) continue;
            return new MissionWorldLayout(name, map, itemPlaces, itemLockers, steps, MissionWorldDomain.Problem(map, itemPlaces, itemLockers));
        }
        throw new InvalidOperationException($"Mission {name}: none of {MaxDraws} draws has a plan of {least} to {most} steps with a battery of {from?.Battery ?? options.BatteryCapacity} m; enlarge BatteryCapacity, or charge before.");
    }

    private static string StreamOf(MissionFamily family, MissionWorldOptions options) => $"mission-world/{family}/{options.Size}/{options.ClosedLockers}";

    private static string NameOf(ulong seed, MissionFamily family, MissionWorldOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"{Word(family)}-{(options.Size == MissionWorldSize.Small ? "a40" : "a80")}{(options.ClosedLockers ? "-lockers" : "")}-{seed}");

    internal static MissionWorldSituation StartOf(MissionWorldMap map) => new(map.Start, map.StartBattery, -1, false, false, 0, 0, 0, 0, 0, 0);

    private static string Word(MissionFamily family) => family switch
    {
        MissionFamily.FetchProcessDeliver => "fetch",
        MissionFamily.InspectReport => "inspect",
        _ => "mixed",
    };

    private static (MissionWorldMap Map, int[] ItemPlaces, int[] ItemLockers) Draw(RandomStream random, MissionFamily family, MissionWorldOptions options, Continuation? from)
    {
        bool small = options.Size == MissionWorldSize.Small;
        int doors = from?.Site.Doors ?? 0;
        List<MissionWorldPlace> places = from is null ? Places(random, small ? SmallSite : LargeSite) : [.. from.Site.Places];
        IReadOnlyList<MissionWorldRoad> roads = from?.Site.Roads ?? Roads(random, places, small ? 3 : 5, small ? 1 + random.NextInt32(2) : 2 + random.NextInt32(2), out doors);
        int items = family switch { MissionFamily.InspectReport => 0, MissionFamily.Mixed => small ? 1 : 2, _ => small ? 2 : 3 };
        int wanted = family switch { MissionFamily.FetchProcessDeliver => 0, MissionFamily.Mixed => small ? 2 : 3, _ => small ? 4 : 6 };
        int[] lockers = options.ClosedLockers && items > 0 ? Lockers(random, places, small ? 3 : 4) : [];
        var itemList = Items(random, items);
        int[] itemPlaces = new int[items], itemLockers = new int[items];
        for (int i = 0; i < items; i++)
        {
            itemLockers[i] = lockers.Length > 0 && random.NextInt32(4) > 0 ? random.NextInt32(lockers.Length) : -1;
            itemPlaces[i] = itemLockers[i] >= 0 ? lockers[itemLockers[i]] : PickPlace(random, places, "store", "hall", "charger", "dock");
        }
        // Two of three kinds of sensors; one target of the third kind stands about that nobody asked for.
        int missing = from is null ? random.NextInt32(3) : System.Numerics.BitOperations.TrailingZeroCount(~from.Site.Sensors), sensors = 7 & ~(1 << missing);
        var targets = Targets(random, places, wanted, missing);
        int start = from?.Start ?? random.NextInt32(places.Count), capacity = from?.Site.BatteryCapacity ?? options.BatteryCapacity;
        int battery = from?.Battery ?? Math.Max(1, capacity * (35 + random.NextInt32(66)) / 100);
        var map = new MissionWorldMap(places, roads, doors, lockers, itemList, targets, sensors, start, battery, capacity, Instruction(itemList, targets));
        return (map, itemPlaces, itemLockers);
    }

    private static List<MissionWorldPlace> Places(RandomStream random, string[] types)
    {
        // A jittered grid of four columns: no two places closer than about half the spacing.
        var cells = Shuffle(random, types.Length);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var places = new List<MissionWorldPlace>(types.Length);
        for (int p = 0; p < types.Length; p++)
        {
            int number = counts[types[p]] = counts.GetValueOrDefault(types[p]) + 1;
            double x = Spacing * (cells[p] % 4) + random.NextDouble(-Jitter, Jitter), y = Spacing * (cells[p] / 4) + random.NextDouble(-Jitter, Jitter);
            places.Add(new MissionWorldPlace(string.Create(CultureInfo.InvariantCulture, $"{types[p]} {number}"), types[p], x, y));
        }
        return places;
    }

    /// <summary>A shortest tree that joins all places, and some more of the shortest roads; doors on a few.</summary>
    private static List<MissionWorldRoad> Roads(RandomStream random, List<MissionWorldPlace> places, int extra, int wantedDoors, out int doors)
    {
        var all = new List<(double Metres, int A, int B)>();
        for (int a = 0; a < places.Count; a++)
        {
            for (int b = a + 1; b < places.Count; b++)
            {
                double dx = places[a].X - places[b].X, dy = places[a].Y - places[b].Y;
                all.Add((Math.Sqrt(dx * dx + dy * dy), a, b));
            }
        }
        all.Sort();
        var component = Enumerable.Range(0, places.Count).ToArray();
        var chosen = new List<(double Metres, int A, int B)>();
        foreach (var road in all)
        {
            if (component[road.A] == component[road.B])
            {
                if (extra > 0 && road.Metres < 1.6 * Spacing && random.NextInt32(2) == 0)
                {
                    extra--;
                    chosen.Add(road);
                }
                continue;
            }
            int from = component[road.A], to = component[road.B];
            for (int p = 0; p < component.Length; p++)
            {
                if (component[p] == from) component[p] = to;
            }
            chosen.Add(road);
        }
        int[] order = Shuffle(random, chosen.Count);
        doors = Math.Min(wantedDoors, chosen.Count);
        var roads = new List<MissionWorldRoad>(chosen.Count);
        for (int r = 0; r < chosen.Count; r++) roads.Add(new MissionWorldRoad(chosen[r].A, chosen[r].B, chosen[r].Metres, order[r] < doors ? order[r] : -1));
        return roads;
    }

    private static int[] Lockers(RandomStream random, List<MissionWorldPlace> places, int count)
    {
        var lockers = new int[count];
        for (int l = 0; l < count; l++) lockers[l] = PickPlace(random, places, "store", "hall", "charger", "mill");
        return lockers;
    }

    private static List<MissionWorldItem> Items(RandomStream random, int count)
    {
        var numbers = new int[MissionWorldMap.ItemClasses.Count];
        var items = new List<MissionWorldItem>(count);
        for (int i = 0; i < count; i++)
        {
            int itemClass = random.NextInt32(MissionWorldMap.ItemClasses.Count);
            items.Add(new MissionWorldItem(string.Create(CultureInfo.InvariantCulture, $"{MissionWorldMap.ItemClasses[itemClass]} {++numbers[itemClass]}"), itemClass));
        }
        return items;
    }

    private static List<MissionWorldTarget> Targets(RandomStream random, List<MissionWorldPlace> places, int wanted, int missing)
    {
        var numbers = new int[MissionWorldMap.TargetTypes.Count];
        var targets = new List<MissionWorldTarget>();
        int[] order = Shuffle(random, places.Count);
        int count = wanted > 0 ? wanted + 1 : 0;
        for (int t = 0; t < count; t++)
        {
            int type = t == wanted ? missing : (missing + 1 + random.NextInt32(2)) % 3;
            targets.Add(new MissionWorldTarget(
                string.Create(CultureInfo.InvariantCulture, $"{MissionWorldMap.TargetTypes[type]} {++numbers[type]}"), type, order[t], t < wanted));
        }
        return targets;
    }

    internal static string Instruction(IReadOnlyList<MissionWorldItem> items, IReadOnlyList<MissionWorldTarget> targets)
    {
        var parts = new List<string>();
        foreach (var item in items)
        {
            parts.Add(item.Class switch
            {
                0 => $"bring {item.Name} to a ward, washed",
                1 => $"bring {item.Name} to a lab, milled",
                _ => $"bring {item.Name} to a ward or a lab",
            });
        }
        foreach (var target in targets)
        {
            if (target.IsWanted) parts.Add($"inspect {target.Name}");
        }
        return string.Join("; ", parts) + "; then dock and report.";
    }

    private static int PickPlace(RandomStream random, List<MissionWorldPlace> places, params string[] types)
    {
        var fitting = new List<int>();
        for (int p = 0; p < places.Count; p++)
        {
            if (types.Contains(places[p].Type)) fitting.Add(p);
        }
        return fitting[random.NextInt32(fitting.Count)];
    }

    private static int[] Shuffle(RandomStream random, int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.NextInt32(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private sealed record Continuation(MissionWorldMap Site, int Start, int Battery);
}
