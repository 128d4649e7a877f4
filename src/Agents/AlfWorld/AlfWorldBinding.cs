namespace EdgeAutonomy.Agents;

/// <summary>Ties commands to the domain's actions: which parameters a command names, and which are bound from the state.</summary>
internal static class AlfWorldBinding
{
    private static readonly (string Action, AlfWorldVerb Verb, string First, string Second)[] Rows =
    [
        ("gotolocation", AlfWorldVerb.GoTo, "?r", ""),
        ("openobject", AlfWorldVerb.Open, "?r", ""),
        ("closeobject", AlfWorldVerb.Close, "?r", ""),
        ("pickupobject", AlfWorldVerb.Take, "?o", "?r"),
        ("putobject", AlfWorldVerb.Move, "?o", "?r"),
        ("toggleobject", AlfWorldVerb.Use, "?o", ""),
        ("heatobject", AlfWorldVerb.Heat, "?o", "?r"),
        ("cleanobject", AlfWorldVerb.Clean, "?o", "?r"),
        ("coolobject", AlfWorldVerb.Cool, "?o", "?r"),
        ("sliceobject", AlfWorldVerb.Slice, "?co", "?ko"),
        ("examinereceptacle", AlfWorldVerb.Examine, "?r", ""),
        ("examineobject", AlfWorldVerb.Examine, "?o", ""),
        ("inventory", AlfWorldVerb.Inventory, "", ""),
        ("look", AlfWorldVerb.Look, "", ""),
        ("help", AlfWorldVerb.Help, "", ""),
    ];

    /// <summary>Returns the verb and the things' names of an action.</summary>
    public static (AlfWorldVerb Verb, string First, string Second) Of(AlfWorldTask task, GroundAction action)
    {
        foreach (var (name, verb, first, second) in Rows)
        {
            if (name == action.Name) return (verb, Name(task, action, first), Name(task, action, second));
        }
        throw new InvalidDataException($"{task.Name}: action '{action.Name}' has no command; the domain is not ALFWorld's.");
    }

    /// <summary>Returns the actions that a verb stands for.</summary>
    public static IEnumerable<(string Action, string First, string Second)> Of(AlfWorldVerb verb) => Rows.Where(r => r.Verb == verb).Select(r => (r.Action, r.First, r.Second));

    private static string Name(AlfWorldTask task, GroundAction action, string parameter)
    {
        if (parameter.Length == 0) return "";
        var parameters = action.Task.Domain.Actions[action.Schema].Parameters;
        int i = Array.FindIndex(parameters, p => p.Name == parameter);
        return i < 0 ? "" : task.NameOf(action.Arguments[i]) ?? action.Argument(i);
    }
}
