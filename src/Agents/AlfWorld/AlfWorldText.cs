namespace EdgeAutonomy.Agents;

/// <summary>What ALFWorld says, rendered from the state. One grammar serves all games, so it is written out here.</summary>
internal sealed class AlfWorldText
{
    public const string Nothing = "Nothing happens.";
    private const string HelpText = """

        Available commands:
          look:                             look around your current location
          inventory:                        check your current inventory
          go to (receptacle):               move to a receptacle
          open (receptacle):                open a receptacle
          close (receptacle):               close a receptacle
          take (object) from (receptacle):  take an object from a receptacle
          move (object) to (receptacle):  place an object in or on a receptacle
          examine (something):              examine a receptacle or an object
          use (object):                     use an object
          heat (object) with (receptacle):  heat an object using a receptacle
          clean (object) with (receptacle): clean an object using a receptacle
          cool (object) with (receptacle):  cool an object using a receptacle
          slice (object) with (object):     slice an object using a sharp object

        """;

    private readonly AlfWorldTask _task;
    private readonly PlanningWorld _world;
    private readonly int _in, _at, _holds, _opened, _openable, _thingAt, _receptacleAt, _inThing, _isReceptacle, _clean, _hot, _cool, _sliced, _sliceable, _toggleable, _toggled;
    private readonly int _agent;
    private readonly List<int> _receptacles = [];
    private readonly List<string> _list = [];

    public AlfWorldText(AlfWorldTask task, PlanningWorld world)
    {
        (_task, _world) = (task, world);
        int P(string name) => task.Planning.FindPredicate(name) is >= 0 and var p ? p : throw new InvalidDataException($"{task.Name}: the domain lacks predicate '{name}'; it is not ALFWorld's.");
        (_in, _at, _holds, _opened, _openable) = (P("inreceptacle"), P("atlocation"), P("holds"), P("opened"), P("openable"));
        (_thingAt, _receptacleAt, _inThing, _isReceptacle) = (P("objectatlocation"), P("receptacleatlocation"), P("inreceptacleobject"), P("isreceptacleobject"));
        (_clean, _hot, _cool, _sliced, _sliceable) = (P("isclean"), P("ishot"), P("iscool"), P("issliced"), P("sliceable"));
        (_toggleable, _toggled) = (P("toggleable"), P("istoggled"));
        _agent = task.Planning.Problem.Objects.FindIndex(o => o.Name.StartsWith("agent", StringComparison.Ordinal));
        if (_agent < 0) throw new InvalidDataException($"{task.Name}: there is no agent.");
        foreach (int atom in task.Planning.StaticIndex.All(_receptacleAt)) _receptacles.Add(task.Planning.Statics.Arguments(atom)[0]);
    }

    public string Intro() => $"-= Welcome to TextWorld, ALFRED! =-\n\n{Look()}\n\nYour task is to: {_task.Instruction}";

    /// <summary>Says what a command brought; to be called after the action was carried out.</summary>
    public string Feedback(AlfWorldVerb verb, GroundAction action)
    {
        int thing = Argument(action, "?o"), receptacle = Argument(action, "?r");
        return verb switch
        {
            AlfWorldVerb.GoTo => $"You arrive at {Name(receptacle)}. {Examine(receptacle)}",
            AlfWorldVerb.Open => $"You open the {Name(receptacle)}. {Examine(receptacle)}",
            AlfWorldVerb.Close => $"You close the {Name(receptacle)}.",
            AlfWorldVerb.Take => $"You pick up the {Name(thing)} from the {Name(receptacle)}.",
            AlfWorldVerb.Move => $"You move the {Name(thing)} to the {Name(receptacle)}.",
            AlfWorldVerb.Heat => $"You heat the {Name(thing)} using the {Name(receptacle)}.",
            AlfWorldVerb.Clean => $"You clean the {Name(thing)} using the {Name(receptacle)}.",
            AlfWorldVerb.Cool => $"You cool the {Name(thing)} using the {Name(receptacle)}.",
            // isToggled is never cleared, so this line is all that is ever said.
            AlfWorldVerb.Use => Is(_toggled, thing) ? $"You turn on the {Name(thing)}." : $"You turn off the {Name(thing)}.",
            AlfWorldVerb.Slice => $"You sliced the {Name(Argument(action, "?co"))} with the {Name(Argument(action, "?ko"))}.",
            AlfWorldVerb.Examine => receptacle >= 0 ? Examine(receptacle) : ExamineThing(thing),
            AlfWorldVerb.Inventory => Inventory(),
            AlfWorldVerb.Look => Look(),
            _ => HelpText,
        };
    }

    public string Look()
    {
        int here = -1;
        foreach (int atom in _world.Known(_at, 0, _agent))
        {
            if (_world.Get(atom)) here = _world.Arguments(atom)[1];
        }
        var near = _receptacles.FindAll(r => _world.HoldsAtom(_receptacleAt, [r, here]));
        if (near.Count == 0) return $"You are in the middle of a room. Looking quickly around you, you see {List(_receptacles, "a ")}.";
        var loose = new List<int>();
        foreach (int atom in _world.Known(_thingAt, 1, here))
        {
            int thing = _world.Arguments(atom)[0];
            // The grammar's condition is "some receptacle here that it is not in".
            if (_world.Get(atom) && near.Exists(r => !_world.HoldsAtom(_in, [thing, r]))) loose.Add(thing);
        }
        return $"You are facing the {List(near, "")}. Next to it, you see {List(loose, "a ")}.";
    }

    private static int Argument(GroundAction action, string parameter)
    {
        var parameters = action.Task.Domain.Actions[action.Schema].Parameters;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Name == parameter) return action.Arguments[i];
        }
        return -1;
    }

    private string Examine(int receptacle)
    {
        if (!_world.HoldsAtom(_openable, [receptacle])) return $"On the {Name(receptacle)}, you see {Contents(_in, receptacle)}.";
        return _world.HoldsAtom(_opened, [receptacle])
            ? $"The {Name(receptacle)} is open. In it, you see {Contents(_in, receptacle)}."
            : $"The {Name(receptacle)} is closed.";
    }

    private string ExamineThing(int thing)
    {
        string name = Name(thing);
        if (Is(_isReceptacle, thing)) return $"This is a normal {name}. In it, you see {Contents(_inThing, thing)}.";
        bool clean = Is(_clean, thing), hot = Is(_hot, thing), cool = Is(_cool, thing), sliced = Is(_sliced, thing);
        if (clean && hot && sliced) return $"This is a hot and clean sliced {name}.";
        if (clean && cool && sliced) return $"This is a cool and clean sliced {name}.";
        if (clean && sliced) return $"This is a clean sliced {name}.";
        if (hot && sliced) return $"This is a hot sliced {name}.";
        if (cool && sliced) return $"This is a cool sliced {name}.";
        if (clean && hot) return $"This is a hot and clean {name}.";
        if (clean && cool) return $"This is a cool and clean {name}.";
        if (hot) return $"This is a hot {name}.";
        if (clean) return $"This is a clean {name}.";
        if (cool) return $"This is a cold {name}.";
        if (Is(_toggleable, thing)) return Is(_toggled, thing) ? $"This {name} is on." : $"This {name} is off.";
        return Is(_sliceable, thing) && sliced ? $"This is a sliced {name}." : $"There's nothing special about {name}.";
    }

    private string Inventory()
    {
        var held = new List<int>();
        foreach (int atom in _world.Known(_holds, 0, _agent))
        {
            if (_world.Get(atom)) held.Add(_world.Arguments(atom)[1]);
        }
        return held.Count == 0 ? "You are not carrying anything." : $"You are carrying: {List(held, "a ")}.";
    }

    private string Contents(int predicate, int container)
    {
        var things = new List<int>();
        if (_task.Planning.IsFluent(predicate))
        {
            foreach (int atom in _world.Known(predicate, 1, container))
            {
                if (_world.Get(atom)) things.Add(_world.Arguments(atom)[0]);
            }
        }
        else
        {
            foreach (int atom in _task.Planning.StaticIndex.With(predicate, 1, container)) things.Add(_task.Planning.Statics.Arguments(atom)[0]);
        }
        return List(things, "a ");
    }

    private bool Is(int predicate, int thing) => _world.HoldsAtom(predicate, [thing]);

    private string Name(int thing) => _task.NameOf(thing) ?? _task.Planning.ObjectNames[thing];

    /// <summary>Joins names; the order in the original comes from a set and means nothing, so ours is by name.</summary>
    private string List(List<int> things, string article)
    {
        if (things.Count == 0) return "nothing";
        _list.Clear();
        foreach (int thing in things) _list.Add(article + Name(thing));
        _list.Sort(StringComparer.Ordinal);
        return _list.Count == 1 ? _list[0] : string.Join(", ", _list.GetRange(0, _list.Count - 1)) + ", and " + _list[^1];
    }
}
