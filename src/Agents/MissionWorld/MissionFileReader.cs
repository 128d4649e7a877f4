using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAutonomy.Agents;

/// <summary>Reads one mission from JSON, key by key, and refuses whatever the rules do not allow. Not thread-safe; for one reading.</summary>
internal sealed partial class MissionFileReader(JsonElement root)
{
    private const double MaxMetres = 1000, MaxCoordinate = 10_000;
    private const int MaxText = 1000, MaxName = 64;

    // These stand between the names of a command: in a name, two commands could have one text.
    private static readonly string[] Links = ["from", "to", "at"];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal) { "robot" };
    private readonly List<MissionWorldPlace> _places = [];
    private readonly List<MissionWorldRoad> _roads = [];
    private readonly List<int> _lockers = [], _itemPlaces = [], _itemLockers = [];
    private readonly List<MissionWorldItem> _items = [];
    private readonly List<MissionWorldTarget> _targets = [];

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">A rule is broken; the message names the key.</exception>
    public MissionWorldTask Read()
    {
        Members(root, "", ["format", "version", "name", "limit", "start", "battery", "sensors", "places", "roads"], ["instruction", "lockers", "items", "targets"]);
        if (Text(root, "", "format", MaxName) is var format && format != MissionFile.Format) throw Bad("format", $"is '{format}', must be '{MissionFile.Format}'");
        if (Whole(root, "", "version", 0, int.MaxValue) is var version && version != MissionFile.Version) throw Bad("version", $"is {version}, must be {MissionFile.Version}");
        string name = Text(root, "", "name", MaxName);
        int limit = Whole(root, "", "limit", 1, MissionFile.MaxLimit);
        Places();
        int doors = Roads();
        Joined();
        Lockers();
        Items();
        int sensors = Sensors();
        Targets(sensors);
        if (_items.Count == 0 && !_targets.Any(t => t.IsWanted)) throw Bad("items", "is empty and no target is wanted; there must be something to do");
        int start = Place(root, "", "start");
        var battery = root.GetProperty("battery");
        Members(battery, "battery", ["start", "capacity"], []);
        int capacity = Whole(battery, "battery", "capacity", 1, 1000), charge = Whole(battery, "battery", "start", 1, capacity);
        string instruction = root.TryGetProperty("instruction", out _) ? Text(root, "", "instruction", MaxText) : MissionGenerator.Instruction(_items, _targets);
        var map = new MissionWorldMap(_places, _roads, doors, _lockers, _items, _targets, sensors, start, charge, capacity, instruction);
        int steps = new MissionWorldPlanner(map).Plan(MissionGenerator.StartOf(map), _itemPlaces, _itemLockers, limit).Steps;
        if (steps < 0) throw new InvalidDataException(Say($"no plan of at most {limit} steps solves this mission with a battery of {charge} m of {capacity} m; check roads, battery and limit."));
        var size = limit <= new MissionWorldOptions().Limit ? MissionWorldSize.Small : MissionWorldSize.Large;
        return new MissionWorldTask(new MissionWorldLayout(name, map, _itemPlaces, _itemLockers, steps, MissionWorldDomain.Problem(map, _itemPlaces, _itemLockers)), new MissionWorldOptions(size, _lockers.Count > 0, BatteryCapacity: capacity) { StepLimit = limit });
    }

    // What the generator's names are like: a word, or a word and a number. Lower case and no underscore, since the planning engine tells no cases apart and has no blanks.
    [GeneratedRegex("^[a-z][a-z0-9-]{0,23}( [a-z0-9-]{1,8})?$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();

    private void Places()
    {
        foreach (var (place, at) in Each("places", 2, MissionFile.MaxPlaces))
        {
            Members(place, at, ["name", "type", "x", "y"], []);
            string name = Name(place, at);
            _places.Add(new MissionWorldPlace(name, MissionWorldMap.PlaceTypes[Kind(place, at, "type", MissionWorldMap.PlaceTypes)], Number(place, at, "x", -MaxCoordinate, MaxCoordinate), Number(place, at, "y", -MaxCoordinate, MaxCoordinate)));
        }
        int docks = _places.Count(p => p.Type == "dock");
        if (docks != 1) throw Bad("places", $"has {docks} of type 'dock'; must be exactly 1");
    }

    private int Roads()
    {
        int doors = 0;
        foreach (var (road, at) in Each("roads", 1, MissionFile.MaxPlaces * (MissionFile.MaxPlaces - 1) / 2))
        {
            Members(road, at, ["from", "to"], ["metres", "door"]);
            int from = Place(road, at, "from"), to = Place(road, at, "to");
            if (from == to) throw Bad($"{at}.to", $"is '{_places[to].Name}', where the road begins; it must lead to another place");
            if (_roads.Any(r => (r.A, r.B) == (from, to) || (r.A, r.B) == (to, from))) throw Bad(at, $"is a second road between '{_places[from].Name}' and '{_places[to].Name}'; there may be one");
            double dx = _places[from].X - _places[to].X, dy = _places[from].Y - _places[to].Y, straight = Math.Sqrt(dx * dx + dy * dy);
            double metres = road.TryGetProperty("metres", out _) ? Number(road, at, "metres", 0, MaxMetres) : straight;
            if (metres <= 0 || metres > MaxMetres) throw Bad($"{at}.metres", Say($"is {metres}; must be above 0 and at most {MaxMetres}"));
            // A millimetre for numbers that were rounded by hand.
            if (metres < straight - 1e-3) throw Bad($"{at}.metres", Say($"is {metres}, the places are {straight} m apart; a road cannot be shorter"));
            int door = road.TryGetProperty("door", out _) ? Whole(road, at, "door", 1, MissionFile.MaxDoors) - 1 : -1;
            if (door >= 0 && (doors >> door & 1) != 0) throw Bad($"{at}.door", $"is {door + 1}, which is on another road already; a door is on one road");
            if (door >= 0) doors |= 1 << door;
            _roads.Add(new MissionWorldRoad(from, to, metres, door));
        }
        int count = System.Numerics.BitOperations.PopCount((uint)doors);
        if (doors != (1 << count) - 1) throw Bad("roads", $"has {count} doors; they must be numbered 1 to {count}");
        return count;
    }

    private void Joined()
    {
        var reached = new bool[_places.Count];
        reached[0] = true;
        for (bool grows = true; grows;)
        {
            grows = false;
            foreach (var road in _roads)
            {
                if (reached[road.A] == reached[road.B]) continue;
                reached[road.A] = reached[road.B] = grows = true;
            }
        }
        int lost = Array.IndexOf(reached, false);
        if (lost >= 0) throw Bad($"places[{lost}]", $"('{_places[lost].Name}') cannot be reached from '{_places[0].Name}'; roads must join all places");
    }

    private void Lockers()
    {
        foreach (var (locker, at) in Each("lockers", 0, MissionFile.MaxDoors))
        {
            _lockers.Add(Place(locker, at));
            _names.Add($"locker {_lockers.Count}");
        }
    }

    private void Items()
    {
        foreach (var (item, at) in Each("items", 0, MissionFile.MaxItems))
        {
            Members(item, at, ["name", "class"], ["place", "locker"]);
            string name = Name(item, at);
            int itemClass = Kind(item, at, "class", MissionWorldMap.ItemClasses);
            bool locked = item.TryGetProperty("locker", out _);
            if (locked == item.TryGetProperty("place", out _)) throw Bad(at, "must have either 'place' or 'locker'");
            if (locked && _lockers.Count == 0) throw Bad($"{at}.locker", "is given, but the site has no lockers");
            int locker = locked ? Whole(item, at, "locker", 1, _lockers.Count) - 1 : -1;
            _itemLockers.Add(locker);
            _itemPlaces.Add(locked ? _lockers[locker] : Place(item, at, "place"));
            _items.Add(new MissionWorldItem(name, itemClass));
            string word = MissionWorldMap.ItemClasses[itemClass];
            if (itemClass == 0 && !Has("wash") || itemClass == 1 && !Has("mill")) throw Bad(at, $"is a {word}, and no place processes that");
            if (itemClass == 0 && !Has("ward") || itemClass == 1 && !Has("lab") || !Has("ward") && !Has("lab")) throw Bad(at, $"is a {word}, and no place takes that");
        }
        bool Has(string type) => _places.Any(p => p.Type == type);
    }

    private int Sensors()
    {
        int sensors = 0;
        foreach (var (sensor, at) in Each("sensors", 0, MissionWorldMap.TargetTypes.Count))
        {
            int type = Kind(sensor, at, MissionWorldMap.TargetTypes);
            if ((sensors >> type & 1) != 0) throw Bad(at, $"is '{MissionWorldMap.TargetTypes[type]}' a second time");
            sensors |= 1 << type;
        }
        return sensors;
    }

    private void Targets(int sensors)
    {
        foreach (var (target, at) in Each("targets", 0, MissionFile.MaxTargets))
        {
            Members(target, at, ["name", "type", "place"], ["wanted"]);
            string name = Name(target, at);
            int type = Kind(target, at, "type", MissionWorldMap.TargetTypes), place = Place(target, at, "place");
            bool wanted = !target.TryGetProperty("wanted", out var flag) || (flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : throw Bad($"{at}.wanted", $"is {Kind(flag)}; must be true or false"));
            if (wanted && (sensors >> type & 1) == 0) throw Bad($"{at}.wanted", $"is true, but 'sensors' has no '{MissionWorldMap.TargetTypes[type]}'; the robot could not inspect it");
            _targets.Add(new MissionWorldTarget(name, type, place, wanted));
        }
    }

    private IEnumerable<(JsonElement Item, string At)> Each(string name, int least, int most)
    {
        if (!root.TryGetProperty(name, out var list)) yield break;
        if (list.ValueKind != JsonValueKind.Array) throw Bad(name, $"is {Kind(list)}; must be a list");
        int count = list.GetArrayLength();
        if (count < least || count > most) throw Bad(name, $"has {count} entries; must have {least} to {most}");
        for (int i = 0; i < count; i++) yield return (list[i], $"{name}[{i}]");
    }

    private string Name(JsonElement item, string at)
    {
        string name = Text(item, at, "name", MaxName);
        if (!NameForm().IsMatch(name) || name.Split(' ').Any(Links.Contains)) throw Bad($"{at}.name", $"is '{UntrustedText.Clean(name, MaxName)}'; must be one or two words of lower-case letters, digits and hyphens, such as 'ward 1', without 'from', 'to' and 'at'");
        string first = name.Split(' ')[0];
        if (first is "door" or "locker" || name.EndsWith("-class", StringComparison.Ordinal) || name.EndsWith("-sensor", StringComparison.Ordinal)) throw Bad($"{at}.name", $"is '{name}'; such names are the world's own");
        return _names.Add(name) ? name : throw Bad($"{at}.name", $"is '{name}', which something else is called already");
    }

    private int Place(JsonElement item, string at, string key) => Place(Member(item, at, key), Join(at, key));

    private int Place(JsonElement value, string at)
    {
        string name = Text(value, at, MaxName);
        int place = _places.FindIndex(p => p.Name == name);
        return place >= 0 ? place : throw Bad(at, $"is '{UntrustedText.Clean(name, MaxName)}'; there is no such place");
    }

    private static int Kind(JsonElement item, string at, string key, IReadOnlyList<string> kinds) => Kind(Member(item, at, key), Join(at, key), kinds);

    private static int Kind(JsonElement value, string at, IReadOnlyList<string> kinds)
    {
        string word = Text(value, at, MaxName);
        for (int k = 0; k < kinds.Count; k++)
        {
            if (kinds[k] == word) return k;
        }
        throw Bad(at, $"is '{UntrustedText.Clean(word, MaxName)}'; must be one of {string.Join(", ", kinds)}");
    }

    private static int Whole(JsonElement item, string at, string key, int least, int most)
    {
        var value = Member(item, at, key);
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out int number) || number < least || number > most) throw Bad(Join(at, key), $"is {Shown(value)}; must be a whole number in [{least}, {most}]");
        return number;
    }

    private static double Number(JsonElement item, string at, string key, double least, double most)
    {
        var value = Member(item, at, key);
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !(number >= least && number <= most)) throw Bad(Join(at, key), Say($"is {Shown(value)}; must be a number in [{least}, {most}]"));
        return number;
    }

    private static string Text(JsonElement item, string at, string key, int most) => Text(Member(item, at, key), Join(at, key), most);

    private static string Text(JsonElement value, string at, int most)
    {
        if (value.ValueKind != JsonValueKind.String) throw Bad(at, $"is {Shown(value)}; must be a text");
        string text = value.GetString()!;
        if (text.Length == 0 || text.Length > most) throw Bad(at, $"has {text.Length} characters; must have 1 to {most}");
        return text.Any(char.IsControl) ? throw Bad(at, "holds a control character") : text;
    }

    private static JsonElement Member(JsonElement item, string at, string key) => item.TryGetProperty(key, out var value) ? value : throw Bad(Join(at, key), "is missing");

    private static void Members(JsonElement item, string at, string[] required, string[] optional)
    {
        if (item.ValueKind != JsonValueKind.Object) throw Bad(at.Length == 0 ? "the file" : at, $"is {Shown(item)}; must be an object");
        foreach (var member in item.EnumerateObject())
        {
            if (!required.Contains(member.Name) && !optional.Contains(member.Name)) throw Bad(Join(at, UntrustedText.Clean(member.Name, 40)), $"is unknown; known are {string.Join(", ", required.Concat(optional))}");
        }
        foreach (string key in required) Member(item, at, key);
    }

    private static string Shown(JsonElement value) => value.ValueKind is JsonValueKind.Number ? UntrustedText.Clean(value.GetRawText(), 40) : Kind(value);

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static string Join(string at, string key) => at.Length == 0 ? key : $"{at}.{key}";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static InvalidDataException Bad(string key, string what) => new($"{key} {what}.");
}
