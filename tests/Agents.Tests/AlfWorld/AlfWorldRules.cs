namespace EdgeAutonomy.Agents.Tests;

/// <summary>ALFWorld's rules written down a second time, straight from the table of what each command needs, and tried on every command.</summary>
internal sealed class AlfWorldRules(AlfWorldTask task, PlanningWorld world)
{
    private readonly string[] _ids = [.. task.Planning.ObjectNames.Where((_, i) => task.NameOf(i) is not null)];
    private readonly string _agent = task.Planning.ObjectNames.Single(n => n.StartsWith("agent", StringComparison.Ordinal));

    public IEnumerable<string> Executables()
    {
        var places = _ids.Where(id => TypeOf(id) == "receptacle").ToArray();
        var things = _ids.Where(id => TypeOf(id) == "object").ToArray();
        string here = _ids.Single(l => world.Holds("atlocation", _agent, l));
        bool At(string place, string location) => world.Holds("receptacleatlocation", place, location);
        bool Reachable(string place) => !world.Holds("openable", place) || world.Holds("opened", place);
        string N(string id) => task.NameOf(task.Planning.FindObject(id))!;
        var found = new SortedSet<string>(StringComparer.Ordinal) { "inventory", "look", "help" };
        foreach (string r in places)
        {
            if (!At(r, here))
            {
                found.Add($"go to {N(r)}");
                continue;
            }
            found.Add($"examine {N(r)}");
            if (world.Holds("openable", r)) found.Add($"{(world.Holds("opened", r) ? "close" : "open")} {N(r)}");
            foreach (string o in things)
            {
                bool held = world.Holds("holds", _agent, o), within = world.Holds("inreceptacle", o, r);
                if (within && Reachable(r)) found.Add($"examine {N(o)}");
                if (within && Reachable(r) && world.Holds("pickupable", o) && !world.Holds("holdsany", _agent)) found.Add($"take {N(o)} from {N(r)}");
                if (within && world.Holds("toggleable", o)) found.Add($"use {N(o)}");
                if (!held) continue;
                if (Reachable(r) && world.Holds("cancontain", Kind("receptacletype", r), Kind("objecttype", o))) found.Add($"move {N(o)} to {N(r)}");
                if (world.Holds("cleanable", o) && Kind("receptacletype", r) is ("sinktype" or "sinkbasintype")) found.Add($"clean {N(o)} with {N(r)}");
                if (world.Holds("heatable", o) && Kind("receptacletype", r) == "microwavetype") found.Add($"heat {N(o)} with {N(r)}");
                if (world.Holds("coolable", o) && Kind("receptacletype", r) == "fridgetype") found.Add($"cool {N(o)} with {N(r)}");
            }
        }
        foreach (string knife in things)
        {
            if (!world.Holds("holds", _agent, knife)) continue;
            found.Add($"examine {N(knife)}");
            if (Kind("objecttype", knife) is not ("knifetype" or "butterknifetype")) continue;
            foreach (string o in things)
            {
                if (world.Holds("sliceable", o) && world.Holds("objectatlocation", o, here)) found.Add($"slice {N(o)} with {N(knife)}");
            }
        }
        return found;
    }

    private string TypeOf(string id) => task.Planning.Domain.Types.Name(task.Planning.Problem.Objects[task.Planning.FindObject(id)].Type);

    private string Kind(string predicate, string id)
    {
        var facts = task.Planning.StaticIndex.With(task.Planning.FindPredicate(predicate), 0, task.Planning.FindObject(id));
        return facts.Count == 0 ? "" : task.Planning.ObjectNames[task.Planning.Statics.Arguments(facts[0])[1]];
    }
}
