namespace EdgeAutonomy.Agents;

/// <summary>Where things usually lie: counted on the first facts of games for training, never on those for evaluation.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class AlfWorldPrior
{
    private readonly Dictionary<(string Thing, string Place), int> _counts = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal), _things = new(StringComparer.Ordinal);
    private readonly HashSet<string> _openable = new(StringComparer.Ordinal);

    private AlfWorldPrior()
    {
    }

    /// <summary>Gets the prior that ships: all 3,553 games of the train split.</summary>
    public static AlfWorldPrior Shipped { get; } = FromTable();

    /// <summary>Counts a prior.</summary>
    /// <param name="tasks">Games for training.</param>
    public static AlfWorldPrior Count(IEnumerable<AlfWorldTask> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var prior = new AlfWorldPrior();
        foreach (var task in tasks) prior.Add(task.Planning);
        return prior;
    }

    /// <summary>Returns how many objects of a kind one receptacle of a kind holds on average at the start.</summary>
    /// <param name="thing">The kind of object.</param>
    /// <param name="place">The kind of receptacle.</param>
    public double Rate(string thing, string place)
        => _places.TryGetValue(place, out int places) ? (double)_counts.GetValueOrDefault((thing, place)) / places : 0;

    /// <summary>Returns the probability of the receptacle's kind for an object of a kind, P(place | thing); 0 for unknown kinds.</summary>
    /// <param name="thing">The kind of object.</param>
    /// <param name="place">The kind of receptacle.</param>
    public double Share(string thing, string place)
        => _things.TryGetValue(thing, out int things) ? (double)_counts.GetValueOrDefault((thing, place)) / things : 0;

    /// <summary>Returns whether receptacles of a kind can usually be opened.</summary>
    /// <param name="place">The kind of receptacle.</param>
    public bool IsOpenable(string place) => _openable.Contains(place);

    internal int CountOf(string thing, string place) => _counts.GetValueOrDefault((thing, place));

    internal int PlacesOf(string place) => _places.GetValueOrDefault(place);

    internal IEnumerable<string> ThingKinds => _things.Keys;

    internal IEnumerable<string> PlaceKinds => _places.Keys;

    private static AlfWorldPrior FromTable()
    {
        var prior = new AlfWorldPrior();
        for (int r = 0; r < AlfWorldPriorTable.ReceptacleTypes.Length; r++)
        {
            string place = AlfWorldPriorTable.ReceptacleTypes[r];
            prior._places[place] = AlfWorldPriorTable.Receptacles[r];
            if (AlfWorldPriorTable.Openable[r]) prior._openable.Add(place);
            for (int o = 0; o < AlfWorldPriorTable.ObjectTypes.Length; o++)
            {
                if (AlfWorldPriorTable.Counts[o, r] > 0) prior.Add(AlfWorldPriorTable.ObjectTypes[o], place, AlfWorldPriorTable.Counts[o, r]);
            }
        }
        return prior;
    }

    private static string Kind(PlanningTask task, int type)
    {
        string name = task.ObjectNames[type];
        return name.EndsWith("type", StringComparison.Ordinal) ? name[..^4] : name;
    }

    private void Add(PlanningTask task)
    {
        Dictionary<int, string> placeKind = [], thingKind = [];
        foreach (int atom in task.StaticIndex.All(task.FindPredicate("receptacletype")))
        {
            var arguments = task.Statics.Arguments(atom);
            string kind = placeKind[arguments[0]] = Kind(task, arguments[1]);
            _places[kind] = _places.GetValueOrDefault(kind) + 1;
        }
        foreach (int atom in task.StaticIndex.All(task.FindPredicate("objecttype"))) thingKind[task.Statics.Arguments(atom)[0]] = Kind(task, task.Statics.Arguments(atom)[1]);
        foreach (int atom in task.StaticIndex.All(task.FindPredicate("openable"))) _openable.Add(placeKind[task.Statics.Arguments(atom)[0]]);
        int within = task.FindPredicate("inreceptacle");
        var facts = new HashSet<(int, int)>();
        foreach (var (predicate, arguments) in task.InitialFluents)
        {
            if (predicate == within && facts.Add((arguments[0], arguments[1]))) Add(thingKind[arguments[0]], placeKind[arguments[1]], 1);
        }
    }

    private void Add(string thing, string place, int count)
    {
        _counts[(thing, place)] = _counts.GetValueOrDefault((thing, place)) + count;
        _things[thing] = _things.GetValueOrDefault(thing) + count;
    }
}
