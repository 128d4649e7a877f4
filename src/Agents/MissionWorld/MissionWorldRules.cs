namespace EdgeAutonomy.Agents;

/// <summary>Ties commands to the domain's actions and checks the counters beside them; says why a command cannot be carried out.</summary>
internal sealed class MissionWorldRules(MissionWorldMap map, PlanningWorld world, Func<string, bool>? isClaimed)
{
    private const string Robot = "robot";
    private readonly string[] _places = [.. map.Places.Select(p => MissionWorldDomain.IdOf(p.Name))];
    private readonly string[] _items = [.. map.Items.Select(i => MissionWorldDomain.IdOf(i.Name))];
    private readonly string[] _targets = [.. map.Targets.Select(t => MissionWorldDomain.IdOf(t.Name))];

    /// <summary>Returns the action that a command stands for now, or null where it cannot be carried out.</summary>
    public GroundAction? Find(MissionWorldCommand command, int place, int battery)
    {
        var (name, arguments) = Bind(command, place);
        return world.Find(name, arguments) is { } action && world.IsExecutable(action) && Refusal(command, place, battery) is null ? action : null;
    }

    /// <summary>Says why a command cannot be carried out, or null where it can.</summary>
    public string? Explain(MissionWorldCommand command, int place, int battery)
    {
        var (name, arguments) = Bind(command, place);
        return world.Explain(name, arguments) is { } failed ? Words(failed, command) : Refusal(command, place, battery);
    }

    private static bool Is(MissionWorldCommand command, MissionWorldVerb verb) => command.Verb == verb;

    /// <summary>Checks what lies outside the planning domain: the battery, and claims of other robots.</summary>
    private string? Refusal(MissionWorldCommand command, int place, int battery)
    {
        if (Is(command, MissionWorldVerb.Drive))
        {
            int cost = map.RoadBetween(place, command.Place) is >= 0 and var road ? map.Roads[road].Cost : 0;
            if (battery < cost) return $"The battery has {battery} m left, the road to {map.Places[command.Place].Name} takes {cost} m.";
        }
        if (isClaimed is null) return null;
        foreach (string thing in command.Call.Arguments)
        {
            if (isClaimed(thing)) return $"The {thing} is claimed by another robot.";
        }
        return null;
    }

    private (string Name, string[] Arguments) Bind(MissionWorldCommand command, int place)
    {
        string here = _places[place];
        switch (command.Verb)
        {
            case MissionWorldVerb.Drive: return ("drive", [Robot, here, _places[command.Place]]);
            case MissionWorldVerb.OpenDoor:
                foreach (var road in map.Roads)
                {
                    if (road.Door == command.Thing) return ("open-door", [Robot, Door(command.Thing), _places[road.B == place ? road.B : road.A], _places[road.B == place ? road.A : road.B]]);
                }
                goto default;
            case MissionWorldVerb.OpenLocker: return ("open-locker", [Robot, $"locker_{command.Thing + 1}", _places[command.Place]]);
            case MissionWorldVerb.Pick: return ("pick", [Robot, _items[command.Thing], _places[command.Place]]);
            case MissionWorldVerb.Process: return ("process", [Robot, _items[command.Thing], _places[command.Place], ClassOf(command.Thing)]);
            case MissionWorldVerb.Deliver: return ("deliver", [Robot, _items[command.Thing], _places[command.Place], ClassOf(command.Thing)]);
            case MissionWorldVerb.Inspect:
                var target = map.Targets[command.Thing];
                return ("inspect", [Robot, _targets[command.Thing], _places[target.Place], MissionWorldMap.TargetTypes[target.Type] + "-sensor"]);
            case MissionWorldVerb.Charge: return ("charge", [Robot, here]);
            case MissionWorldVerb.Dock: return ("dock", [Robot, here]);
            case MissionWorldVerb.Report: return ("report", [Robot]);
            default: throw new InvalidOperationException($"Bug in EdgeAutonomy.Agents: command '{command.Text}' has no action.");
        }
    }

    private static string Door(int door) => $"door_{door + 1}";

    private string ClassOf(int item) => MissionWorldMap.ItemClasses[map.Items[item].Class] + "-class";

    private string Words(FailedCondition failed, MissionWorldCommand command)
    {
        string A(int i) => i < failed.Arguments.Count ? failed.Arguments[i].Replace('_', ' ') : "?";
        return failed.Predicate switch
        {
            "at" => $"The robot is not at {A(1)}.",
            "connected" => $"There is no road from {A(0)} to {A(1)}.",
            "door-open" => failed.Expected ? $"The {A(0)} is closed." : $"The {A(0)} is open already.",
            "closed-locker" => $"The {A(0)} is open already.",
            "opened-locker" => $"The {A(0)} is closed.",
            "item-at" or "in-locker" => $"The {A(0)} is not to be seen at {map.Places[command.Place].Name}.",
            "hands-free" => "The robot holds something already.",
            "holding" => $"The robot does not hold {A(1)}.",
            "station" => $"Items of {A(1)} are not processed at {A(0)}.",
            "accepts" => $"The {A(0)} does not take items of {A(1)}.",
            "processed" => $"The {A(0)} is processed already.",
            "fitted" => $"The robot has no {A(1)}.",
            "inspected" => $"The {A(0)} was inspected already.",
            "charger" => $"There is no charger at {A(0)}.",
            "dock-place" => $"There is no dock at {A(0)}.",
            "docked" => failed.Expected ? "The robot is not docked." : "The robot is docked already.",
            "reported" => "The mission is over.",
            _ => $"'{command.Text}' is not possible now: {failed}.",
        };
    }
}
