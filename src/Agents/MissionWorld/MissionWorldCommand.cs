namespace EdgeAutonomy.Agents;

/// <summary>A command of MissionWorld with its numbers on the map.</summary>
/// <param name="Call">The command as a call.</param>
/// <param name="Verb">Its verb.</param>
/// <param name="Thing">The door, locker, item or target it is about; −1 where there is none.</param>
/// <param name="Place">The place it is about, or −1.</param>
public sealed record MissionWorldCommand(ActionCall Call, MissionWorldVerb Verb, int Thing, int Place)
{
    /// <summary>The robot's speed on roads, in metres per second.</summary>
    public const double Speed = 0.8;

    /// <summary>Gets the text.</summary>
    public string Text => Call.Text;

    /// <summary>Lists every command of the right form on a map, sorted by text.</summary>
    /// <param name="map">The map.</param>
    public static IReadOnlyList<MissionWorldCommand> All(MissionWorldMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var list = new List<MissionWorldCommand>
        {
            Make(MissionWorldVerb.Charge, -1, -1, "charge"), Make(MissionWorldVerb.Dock, -1, -1, "dock"), Make(MissionWorldVerb.Report, -1, -1, "report"),
        };
        for (int d = 0; d < map.Doors; d++) list.Add(Make(MissionWorldVerb.OpenDoor, d, -1, "open", $"door {d + 1}"));
        for (int l = 0; l < map.Lockers.Count; l++) list.Add(Make(MissionWorldVerb.OpenLocker, l, map.Lockers[l], "open", $"locker {l + 1}"));
        for (int t = 0; t < map.Targets.Count; t++) list.Add(Make(MissionWorldVerb.Inspect, t, map.Targets[t].Place, "inspect", map.Targets[t].Name));
        for (int p = 0; p < map.Places.Count; p++)
        {
            string place = map.Places[p].Name;
            list.Add(Make(MissionWorldVerb.Drive, -1, p, "drive to", place));
            for (int i = 0; i < map.Items.Count; i++)
            {
                string item = map.Items[i].Name;
                list.Add(Make(MissionWorldVerb.Pick, i, p, "pick", item, "from", place));
                if (map.Places[p].Type is "wash" or "mill") list.Add(Make(MissionWorldVerb.Process, i, p, "process", item, "at", place));
                if (map.Places[p].Type is "ward" or "lab") list.Add(Make(MissionWorldVerb.Deliver, i, p, "deliver", item, "to", place));
            }
        }
        list.Sort(static (a, b) => string.CompareOrdinal(a.Text, b.Text));
        return list;
    }

    /// <summary>Returns what carrying it out means for a robot: where to drive, or how long to stay.</summary>
    /// <param name="map">The map.</param>
    /// <param name="from">Where the robot is.</param>
    /// <returns>A goal in metres with the time that the road takes, or no goal and the time that the work takes; seconds. A road that does not exist takes infinitely long.</returns>
    public (MissionWorldPlace? Goal, double Seconds) Meaning(MissionWorldMap map, int from)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (Verb != MissionWorldVerb.Drive) return (null, WorkSeconds(Verb));
        int road = map.RoadBetween(from, Place);
        return (map.Places[Place], road < 0 ? double.PositiveInfinity : map.Roads[road].Metres / Speed);
    }

    private static double WorkSeconds(MissionWorldVerb verb) => verb switch
    {
        MissionWorldVerb.OpenDoor or MissionWorldVerb.OpenLocker => 2,
        MissionWorldVerb.Pick or MissionWorldVerb.Deliver => 3,
        MissionWorldVerb.Inspect => 4,
        MissionWorldVerb.Process => 5,
        MissionWorldVerb.Charge => 20,
        _ => 1,
    };

    private static MissionWorldCommand Make(MissionWorldVerb verb, int thing, int place, string word, string first = "", string link = "", string second = "")
        => second.Length > 0 ? new(new ActionCall(word, [first, second], $"{word} {first} {link} {second}"), verb, thing, place)
            : first.Length > 0 ? new(new ActionCall(word, [first], $"{word} {first}"), verb, thing, place)
            : new(new ActionCall(word, [], word), verb, thing, place);
}
