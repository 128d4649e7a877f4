namespace EdgeAutonomy.Agents;

/// <summary>Says in ALFWorld's own words why a command cannot be carried out.</summary>
internal static class AlfWorldReasons
{
    public static string Explain(AlfWorldTask task, PlanningWorld world, string text)
    {
        var command = AlfWorldCommand.Parse(text);
        if (command is null) return $"'{Shorten(text)}' is not a command; 'help' lists them.";
        string first = Id(task, command.First), second = Id(task, command.Second);
        if (command.First.Length > 0 && first.Length == 0) return $"There is no '{Shorten(command.First)}' here.";
        if (command.Second.Length > 0 && second.Length == 0) return $"There is no '{Shorten(command.Second)}' here.";
        string reason = "";
        foreach (var (action, firstParameter, secondParameter) in AlfWorldBinding.Of(command.Verb))
        {
            if (Closest(task, world, action, (firstParameter, first), (secondParameter, second)) is not { } failed) continue;
            reason = Words(task, failed, command);
            // A receptacle cannot be examined as an object, nor the other way round: keep the reading that fits.
            if (failed.Predicate.Length > 0) break;
        }
        return reason.Length > 0 ? reason : $"'{Shorten(text)}' is not possible now.";
    }

    /// <summary>Tries the parameters that the command leaves open with what the state gives, and returns the failure.</summary>
    private static FailedCondition? Closest(AlfWorldTask task, PlanningWorld world, string action, (string Parameter, string Id) first, (string Parameter, string Id) second)
    {
        var schema = task.Planning.Domain.Actions.Find(a => a.Name == action)!;
        string here = world.Task.ObjectNames.FirstOrDefault(l => l.StartsWith("loc_", StringComparison.Ordinal) && world.Holds("atlocation", Agent(task), l)) ?? "";
        var arguments = new string[schema.Parameters.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = schema.Parameters[i].Name;
            arguments[i] = name == first.Parameter ? first.Id : name == second.Parameter ? second.Id : name switch
            {
                "?a" => Agent(task),
                "?l" or "?lstart" => here,
                "?lend" => LocationOf(task, first.Id),
                "?ot" => KindOf(task, "objecttype", first.Id),
                "?rt" => KindOf(task, "receptacletype", second.Id),
                "?r" => ReceptacleAt(task, world, first.Id, here),
                _ => "",
            };
        }
        return world.Explain(action, arguments);
    }

    private static string Words(AlfWorldTask task, FailedCondition failed, AlfWorldCommand command)
    {
        string A(int i) => i < failed.Arguments.Count ? Name(task, failed.Arguments[i]) : "?";
        return failed.Predicate switch
        {
            "receptacleatlocation" => $"You are not at the {A(0)}.",
            "openable" => $"The {A(0)} cannot be opened.",
            "opened" => failed.Expected ? $"The {A(0)} is closed." : $"The {A(0)} is open already.",
            "pickupable" => $"The {A(0)} cannot be picked up.",
            "inreceptacle" => $"The {A(0)} is not in or on the {A(1)}.",
            "holdsany" => "Your hands are full.",
            "holds" => $"You are not holding the {A(1)}.",
            "cancontain" => $"The {command.First} does not belong in or on the {command.Second}.",
            "receptacletype" => $"The {A(0)} cannot be used for that.",
            "cleanable" or "heatable" or "coolable" or "sliceable" => $"The {A(0)} is not {failed.Predicate}.",
            "toggleable" => $"The {A(0)} cannot be turned on.",
            "objecttype" => $"The {A(0)} is not a knife.",
            "objectatlocation" => $"The {A(0)} is not here.",
            _ when command.Verb == AlfWorldVerb.GoTo => $"You are at the location of the {command.First} already.",
            _ => $"You cannot {command.Text} now.",
        };
    }

    private static string Agent(AlfWorldTask task) => task.Planning.ObjectNames.First(n => n.StartsWith("agent", StringComparison.Ordinal));

    private static string LocationOf(AlfWorldTask task, string receptacle) => KindOf(task, "receptacleatlocation", receptacle);

    /// <summary>Returns the second object of the first fact about a thing.</summary>
    private static string KindOf(AlfWorldTask task, string predicate, string id)
    {
        int thing = task.Planning.FindObject(id);
        var facts = task.Planning.StaticIndex.With(task.Planning.FindPredicate(predicate), 0, thing);
        return facts.Count == 0 ? "" : task.Planning.ObjectNames[task.Planning.Statics.Arguments(facts[0])[1]];
    }

    private static string ReceptacleAt(AlfWorldTask task, PlanningWorld world, string thing, string here)
    {
        string any = "";
        foreach (int atom in world.Known(task.Planning.FindPredicate("inreceptacle"), 0, task.Planning.FindObject(thing)))
        {
            if (!world.Get(atom)) continue;
            any = task.Planning.ObjectNames[world.Arguments(atom)[1]];
            if (LocationOf(task, any) == here) return any;
        }
        return any;
    }

    private static string Id(AlfWorldTask task, string name)
    {
        for (int o = 0; o < task.Planning.ObjectNames.Count; o++)
        {
            if (name.Length > 0 && task.NameOf(o) == name) return task.Planning.ObjectNames[o];
        }
        return "";
    }

    private static string Name(AlfWorldTask task, string id) => task.Planning.FindObject(id) is >= 0 and var o ? task.NameOf(o) ?? id : id;

    // What came from outside may be of any length; a reason stays one line.
    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
