namespace EdgeAutonomy.Agents;

/// <summary>A place of a site.</summary>
/// <param name="Name">Such as <c>ward 1</c>.</param>
/// <param name="Type">Its kind, one of <see cref="MissionWorldMap.PlaceTypes"/>.</param>
/// <param name="X">Position, in metres.</param>
/// <param name="Y">Position, in metres.</param>
public sealed record MissionWorldPlace(string Name, string Type, double X, double Y);

/// <summary>A road between two places, both ways.</summary>
/// <param name="A">One end's number.</param>
/// <param name="B">The other end's number.</param>
/// <param name="Metres">Its length; driving it takes that much of the battery, rounded up.</param>
/// <param name="Door">The door across it, or −1.</param>
public sealed record MissionWorldRoad(int A, int B, double Metres, int Door)
{
    /// <summary>Gets what driving it takes from the battery.</summary>
    public int Cost => (int)Math.Ceiling(Metres);
}

/// <summary>An item to be delivered.</summary>
/// <param name="Name">Such as <c>tray 1</c>.</param>
/// <param name="Class">One of <see cref="MissionWorldMap.ItemClasses"/>: 0 tray, 1 part, 2 parcel.</param>
public sealed record MissionWorldItem(string Name, int Class);

/// <summary>Something that can be inspected.</summary>
/// <param name="Name">Such as <c>gauge 1</c>.</param>
/// <param name="Type">One of <see cref="MissionWorldMap.TargetTypes"/>; each needs a sensor of its own.</param>
/// <param name="Place">Where it stands.</param>
/// <param name="IsWanted">Whether the mission asks for it.</param>
public sealed record MissionWorldTarget(string Name, int Type, int Place, bool IsWanted);

/// <summary>What is known of a site before the mission starts: places, roads, doors, lockers, and what is to be done. Where items lie is not in it.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class MissionWorldMap
{
    /// <summary>Kinds of places.</summary>
    public static readonly IReadOnlyList<string> PlaceTypes = ["dock", "charger", "wash", "mill", "ward", "lab", "store", "hall"];

    /// <summary>Classes of items: trays are washed and go to a ward, parts are milled and go to a lab, parcels go to either as they are.</summary>
    public static readonly IReadOnlyList<string> ItemClasses = ["tray", "part", "parcel"];

    /// <summary>Kinds of targets.</summary>
    public static readonly IReadOnlyList<string> TargetTypes = ["gauge", "valve", "tank"];

    private static readonly string?[] StationOfClass = ["wash", "mill", null];
    private static readonly string[][] TakersOfClass = [["ward"], ["lab"], ["ward", "lab"]];
    private readonly int[,] _hops;
    private readonly int[,] _roads;

    internal MissionWorldMap(
        IReadOnlyList<MissionWorldPlace> places, IReadOnlyList<MissionWorldRoad> roads, int doors, IReadOnlyList<int> lockers,
        IReadOnlyList<MissionWorldItem> items, IReadOnlyList<MissionWorldTarget> targets, int sensors, int start, int startBattery, int capacity, string instruction)
    {
        (Places, Roads, Doors, Lockers, Items, Targets) = (places, roads, doors, lockers, items, targets);
        (Sensors, Start, StartBattery, BatteryCapacity, Instruction) = (sensors, start, startBattery, capacity, instruction);
        Dock = IndexOf("dock");
        _roads = new int[places.Count, places.Count];
        for (int a = 0; a < places.Count; a++)
        {
            for (int b = 0; b < places.Count; b++) _roads[a, b] = -1;
        }
        for (int r = 0; r < roads.Count; r++) _roads[roads[r].A, roads[r].B] = _roads[roads[r].B, roads[r].A] = r;
        _hops = Breadth();
        Wanted = 0;
        for (int t = 0; t < targets.Count; t++)
        {
            if (targets[t].IsWanted) Wanted |= 1 << t;
        }
    }

    /// <summary>Gets the places.</summary>
    public IReadOnlyList<MissionWorldPlace> Places { get; }

    /// <summary>Gets the roads.</summary>
    public IReadOnlyList<MissionWorldRoad> Roads { get; }

    /// <summary>Gets how many doors there are: <c>door 1</c> and so on. All are closed at the start.</summary>
    public int Doors { get; }

    /// <summary>Gets where each locker stands: <c>locker 1</c> and so on. All are closed at the start.</summary>
    public IReadOnlyList<int> Lockers { get; }

    /// <summary>Gets the items to be delivered.</summary>
    public IReadOnlyList<MissionWorldItem> Items { get; }

    /// <summary>Gets what can be inspected; some cannot by this robot and are not asked for.</summary>
    public IReadOnlyList<MissionWorldTarget> Targets { get; }

    /// <summary>Gets a bit for each kind of target that the robot's sensors can inspect.</summary>
    public int Sensors { get; }

    /// <summary>Gets a bit for each target that is asked for.</summary>
    public int Wanted { get; }

    /// <summary>Gets where the robot starts.</summary>
    public int Start { get; }

    /// <summary>Gets the dock's place.</summary>
    public int Dock { get; }

    /// <summary>Gets the battery at the start, in metres of driving.</summary>
    public int StartBattery { get; }

    /// <summary>Gets what a full battery holds, in metres of driving.</summary>
    public int BatteryCapacity { get; }

    /// <summary>Gets the task in words.</summary>
    public string Instruction { get; }

    /// <summary>Returns the fewest roads between two places, doors left aside.</summary>
    /// <param name="from">A place.</param>
    /// <param name="to">Another.</param>
    public int Hops(int from, int to) => _hops[from, to];

    /// <summary>Returns the road between two neighbours, or −1.</summary>
    /// <param name="a">A place.</param>
    /// <param name="b">Another.</param>
    public int RoadBetween(int a, int b) => _roads[a, b];

    /// <summary>Returns whether items of a class are processed at a place.</summary>
    /// <param name="place">A place.</param>
    /// <param name="itemClass">A class.</param>
    public bool IsStation(int place, int itemClass) => StationOfClass[itemClass] == Places[place].Type;

    /// <summary>Returns whether a place takes items of a class.</summary>
    /// <param name="place">A place.</param>
    /// <param name="itemClass">A class.</param>
    public bool Takes(int place, int itemClass) => TakersOfClass[itemClass].Contains(Places[place].Type);

    /// <summary>Returns whether items of a class must be processed before they are delivered.</summary>
    /// <param name="itemClass">A class.</param>
    public static bool NeedsProcess(int itemClass) => StationOfClass[itemClass] is not null;

    internal bool IsCharger(int place) => Places[place].Type == "charger";

    private int IndexOf(string type)
    {
        for (int p = 0; p < Places.Count; p++)
        {
            if (Places[p].Type == type) return p;
        }
        return -1;
    }

    private int[,] Breadth()
    {
        int n = Places.Count;
        var hops = new int[n, n];
        var queue = new Queue<int>();
        for (int from = 0; from < n; from++)
        {
            for (int to = 0; to < n; to++) hops[from, to] = to == from ? 0 : n;
            queue.Enqueue(from);
            while (queue.TryDequeue(out int p))
            {
                for (int q = 0; q < n; q++)
                {
                    if (_roads[p, q] < 0 || hops[from, q] < n) continue;
                    hops[from, q] = hops[from, p] + 1;
                    queue.Enqueue(q);
                }
            }
        }
        return hops;
    }
}
