namespace EdgeAutonomy.Agents;

/// <summary>What an agent knows of a mission: the map, where the robot stands, and where items were seen.</summary>
/// <remarks>
/// Made from what the robot's own state, the doors' and lockers' states and its eyes tell after each step; what lies in a locker that was never
/// opened is not in it. Not thread-safe.
/// </remarks>
public sealed class MissionWorldBelief
{
    private readonly int[] _itemPlaces, _itemLockers;
    private readonly Dictionary<string, int> _issued = new(StringComparer.Ordinal);

    internal MissionWorldBelief(MissionWorldMap map, MissionWorldSituation start, int limit)
    {
        (Map, Situation, Limit) = (map, start, limit);
        _itemPlaces = new int[map.Items.Count];
        _itemLockers = new int[map.Items.Count];
        Array.Fill(_itemPlaces, -1);
        Array.Fill(_itemLockers, -1);
    }

    /// <summary>Gets what was known beforehand.</summary>
    public MissionWorldMap Map { get; }

    /// <summary>Gets where the mission stands.</summary>
    public MissionWorldSituation Situation { get; private set; }

    /// <summary>Gets where each item lies, or lay before it was picked; −1 while unknown.</summary>
    public IReadOnlyList<int> ItemPlaces => _itemPlaces;

    /// <summary>Gets the locker of each item, or −1.</summary>
    public IReadOnlyList<int> ItemLockers => _itemLockers;

    /// <summary>Gets the steps after which the mission is lost.</summary>
    public int Limit { get; }

    /// <summary>Gets the steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Gets the last command, or null where there was none or its text was no command.</summary>
    public MissionWorldCommand? Last { get; private set; }

    /// <summary>Gets whether the last command was carried out.</summary>
    public bool LastGrounded { get; private set; }

    /// <summary>Gets a bit for each item that was seen for the first time after the last step.</summary>
    public int JustSeen { get; private set; }

    /// <summary>Gets whether all that is asked for is done but docking and reporting.</summary>
    public bool IsDone => Situation.Delivered == (1 << Map.Items.Count) - 1 && (Map.Wanted & ~Situation.Inspected) == 0;

    /// <summary>Gets a bit for each item whose place is unknown and that was not picked yet.</summary>
    public int Unknown
    {
        get
        {
            int unknown = 0;
            for (int i = 0; i < _itemPlaces.Length; i++)
            {
                if (_itemPlaces[i] < 0) unknown |= 1 << i;
            }
            return unknown;
        }
    }

    /// <summary>Returns how often a command was given.</summary>
    /// <param name="command">Its text.</param>
    public int Issued(string command) => _issued.GetValueOrDefault(command);

    internal void See(int item, int place, int locker)
    {
        if (_itemPlaces[item] >= 0) return;
        (_itemPlaces[item], _itemLockers[item]) = (place, locker);
        JustSeen |= 1 << item;
    }

    internal void Update(MissionWorldCommand? command, bool grounded, in MissionWorldSituation situation)
    {
        (Last, LastGrounded, Situation, JustSeen) = (command, grounded, situation, 0);
        Steps++;
        if (command is not null) _issued[command.Text] = Issued(command.Text) + 1;
    }
}
