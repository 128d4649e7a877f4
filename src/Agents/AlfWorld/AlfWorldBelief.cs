namespace EdgeAutonomy.Agents;

/// <summary>What an agent knows of a game: built from the task's sentence and the texts it read, and from nothing else.</summary>
/// <remarks>The policies' features, the plausible commands and the searching expert see this and never the game's facts. Not thread-safe.</remarks>
public sealed class AlfWorldBelief
{
    private const string Nothing = AlfWorldText.Nothing;
    private readonly List<AlfWorldPlace> _places = [];
    private readonly Dictionary<string, AlfWorldPlace> _placeByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlfWorldThing> _thingByName = new(StringComparer.Ordinal);
    private readonly List<AlfWorldThing> _things = [];
    private readonly Dictionary<string, int> _issued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Count, int Step)> _rejected = new(StringComparer.Ordinal);
    private readonly List<AlfWorldThing> _seen = [];

    /// <summary>Makes a belief from what is said at the start.</summary>
    /// <param name="instruction">The task's sentence.</param>
    /// <param name="intro">The first observation, which lists the receptacles.</param>
    /// <exception cref="FormatException">The sentence is not one of ALFWorld's.</exception>
    public AlfWorldBelief(string instruction, string intro)
    {
        ArgumentNullException.ThrowIfNull(intro);
        Goal = AlfWorldGoal.Parse(instruction);
        const string Mark = "you see ";
        int start = intro.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0) return;
        foreach (string name in List(intro[(start + Mark.Length)..])) AddPlace(name);
    }

    /// <summary>Gets the task as the sentence says it.</summary>
    public AlfWorldGoal Goal { get; }

    /// <summary>Gets the receptacles, in the order in which they were told.</summary>
    public IReadOnlyList<AlfWorldPlace> Places => _places;

    /// <summary>Gets the objects seen so far, in the order of first sight.</summary>
    public IReadOnlyList<AlfWorldThing> Things => _things;

    /// <summary>Gets where the agent went last; null before the first time.</summary>
    public AlfWorldPlace? At { get; private set; }

    /// <summary>Gets what the agent holds.</summary>
    public AlfWorldThing? Held { get; private set; }

    /// <summary>Gets how many commands were given.</summary>
    public int Steps { get; private set; }

    /// <summary>Gets the last command, or null where there was none or its text was no command.</summary>
    public AlfWorldCommand? Last { get; private set; }

    /// <summary>Gets whether the last command was carried out.</summary>
    public bool LastGrounded { get; private set; }

    /// <summary>Gets the objects that the last observation showed.</summary>
    public IReadOnlyList<AlfWorldThing> Seen => _seen;

    /// <summary>Returns a receptacle by name, or null.</summary>
    /// <param name="name">The name.</param>
    public AlfWorldPlace? Place(string name) => _placeByName.GetValueOrDefault(name);

    /// <summary>Returns an object by name, or null where none was seen.</summary>
    /// <param name="name">The name.</param>
    public AlfWorldThing? Thing(string name) => _thingByName.GetValueOrDefault(name);

    /// <summary>Returns whether a receptacle is where the agent is: the one it went to, or one known to share its location.</summary>
    /// <param name="place">The receptacle.</param>
    public bool IsHere(AlfWorldPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return At is not null && place.Group == At.Group;
    }

    /// <summary>Returns how often a command was given.</summary>
    /// <param name="command">Its text.</param>
    public int Issued(string command) => _issued.GetValueOrDefault(command);

    /// <summary>Returns whether a command was refused twice, the last time within the last five steps.</summary>
    /// <param name="command">Its text.</param>
    public bool IsBlacklisted(string command) => _rejected.TryGetValue(command, out var r) && r.Count >= 2 && Steps - r.Step <= 5;

    /// <summary>Returns whether an object is as the task wants it: clean, hot or cool where that is asked for.</summary>
    /// <param name="thing">The object.</param>
    public bool IsReady(AlfWorldThing thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        return Goal.Kind switch
        {
            AlfWorldGoalKind.Clean => thing.IsClean,
            AlfWorldGoalKind.Heat => thing.IsHot,
            AlfWorldGoalKind.Cool => thing.IsCool,
            _ => true,
        };
    }

    /// <summary>Returns whether an object counts for the task where it is: of the right kind, ready, in a receptacle of the wanted kind.</summary>
    /// <param name="thing">The object.</param>
    public bool IsPlaced(AlfWorldThing thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        if (Goal.Kind == AlfWorldGoalKind.Look || thing.Type != Goal.ObjectType || thing == Held || !IsReady(thing)) return false;
        foreach (var place in thing.In)
        {
            if (place.Type == Goal.TargetType) return true;
        }
        return false;
    }

    /// <summary>Takes in what a command brought.</summary>
    /// <param name="command">The command's text, whatever it was.</param>
    /// <param name="observation">The text that came back.</param>
    public void Update(string command, string observation)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(observation);
        Steps++;
        _seen.Clear();
        Last = AlfWorldCommand.Parse(command);
        LastGrounded = observation != Nothing;
        if (Last is null) return;
        string text = Last.Text;
        _issued[text] = _issued.GetValueOrDefault(text) + 1;
        if (!LastGrounded)
        {
            _rejected[text] = (_rejected.GetValueOrDefault(text).Count + 1, Steps);
            // Going to where one is already is refused: a known receptacle that cannot be gone to shares the agent's location.
            if (Last.Verb == AlfWorldVerb.GoTo && At is not null && Place(Last.First) is { } near) Merge(near, At);
            return;
        }
        _rejected.Remove(text);
        Carried(Last, observation);
    }

    private void Carried(AlfWorldCommand command, string observation)
    {
        var place = Place(command.Second.Length > 0 ? command.Second : command.First);
        switch (command.Verb)
        {
            case AlfWorldVerb.GoTo when place is not null:
                At = place;
                Look(place, observation);
                break;
            case AlfWorldVerb.Open or AlfWorldVerb.Close or AlfWorldVerb.Examine when place is not null:
                if (At is not null) Merge(place, At);
                Look(place, observation);
                break;
            case AlfWorldVerb.Examine when Thing(command.First) is { } examined:
                examined.IsHot |= observation.Contains(" hot ", StringComparison.Ordinal);
                examined.IsClean |= observation.Contains(" clean ", StringComparison.Ordinal);
                examined.IsCool |= observation.Contains(" cold ", StringComparison.Ordinal) || observation.Contains(" cool ", StringComparison.Ordinal);
                break;
            case AlfWorldVerb.Take when place is not null:
                var taken = AddThing(command.First);
                Held = taken;
                taken.Origin = place;
                taken.In.Remove(place);
                place.Things.Remove(taken);
                if (At is not null) Merge(place, At);
                break;
            case AlfWorldVerb.Move when place is not null:
                Put(AddThing(command.First), place);
                Held = null;
                if (At is not null) Merge(place, At);
                break;
            case AlfWorldVerb.Heat or AlfWorldVerb.Clean or AlfWorldVerb.Cool:
                var made = AddThing(command.First);
                if (command.Verb == AlfWorldVerb.Clean) made.IsClean = true;
                else (made.IsHot, made.IsCool) = (command.Verb == AlfWorldVerb.Heat, command.Verb == AlfWorldVerb.Cool);
                break;
            case AlfWorldVerb.Use:
                AddThing(command.First).IsUsed = true;
                break;
            case AlfWorldVerb.Look when observation.StartsWith("You are facing the ", StringComparison.Ordinal) && At is not null:
                foreach (string name in List(observation["You are facing the ".Length..]))
                {
                    if (Place(name) is { } near) Merge(near, At);
                }
                break;
        }
    }

    /// <summary>Takes in what is said of a receptacle: closed, open with contents, or a surface with contents.</summary>
    private void Look(AlfWorldPlace place, string observation)
    {
        place.IsVisited = true;
        if (observation.Contains($"The {place.Name} is closed.", StringComparison.Ordinal) || observation.StartsWith("You close ", StringComparison.Ordinal))
        {
            (place.IsOpenable, place.IsOpen) = (true, false);
            return;
        }
        string open = $"The {place.Name} is open. In it, you see ", on = $"On the {place.Name}, you see ";
        int start = observation.IndexOf(open, StringComparison.Ordinal);
        if (start >= 0) (place.IsOpenable, place.IsOpen) = (true, true);
        else if ((start = observation.IndexOf(on, StringComparison.Ordinal)) >= 0) place.IsOpenable = false;
        else return;
        place.IsSeen = true;
        foreach (var thing in place.Things) thing.In.Remove(place);
        place.Things.Clear();
        foreach (string name in List(observation[(start + (place.IsOpenable == true ? open : on).Length)..]))
        {
            var thing = AddThing(name);
            Put(thing, place);
            _seen.Add(thing);
        }
    }

    private static void Put(AlfWorldThing thing, AlfWorldPlace place)
    {
        if (thing.In.Contains(place)) return;
        thing.In.Add(place);
        place.Things.Add(thing);
    }

    private void Merge(AlfWorldPlace a, AlfWorldPlace b)
    {
        if (a.Group == b.Group) return;
        int from = a.Group, to = b.Group;
        foreach (var place in _places)
        {
            if (place.Group == from) place.Group = to;
        }
    }

    private void AddPlace(string name)
    {
        var place = new AlfWorldPlace(name, _places.Count);
        if (_placeByName.TryAdd(name, place)) _places.Add(place);
    }

    private AlfWorldThing AddThing(string name)
    {
        if (_thingByName.TryGetValue(name, out var thing)) return thing;
        thing = new AlfWorldThing(name);
        _thingByName.Add(name, thing);
        _things.Add(thing);
        return thing;
    }

    /// <summary>Reads <c>a x 1, a y 2, and a z 3.</c> up to the full stop.</summary>
    private static IEnumerable<string> List(string text)
    {
        int end = text.IndexOf('.', StringComparison.Ordinal);
        if (end >= 0) text = text[..end];
        if (text == "nothing") yield break;
        foreach (string part in text.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            string name = part;
            if (name.StartsWith("and ", StringComparison.Ordinal)) name = name[4..];
            if (name.StartsWith("a ", StringComparison.Ordinal)) name = name[2..];
            if (name.Length > 0) yield return name;
        }
    }
}
