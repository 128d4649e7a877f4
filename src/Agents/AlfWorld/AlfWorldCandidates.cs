namespace EdgeAutonomy.Agents;

/// <summary>Lists commands from what an agent believes, whether or not they can be carried out.</summary>
internal sealed class AlfWorldCandidates
{
    private static readonly string[] Knives = ["knife", "butterknife"];
    private readonly Dictionary<(AlfWorldVerb, string, string), AlfWorldCommand> _made = [];

    /// <summary>Returns the one instance of a command.</summary>
    public AlfWorldCommand Make(AlfWorldVerb verb, string first = "", string second = "")
    {
        if (!_made.TryGetValue((verb, first, second), out var command)) _made.Add((verb, first, second), command = AlfWorldCommand.Make(verb, first, second));
        return command;
    }

    /// <summary>Adds what is locally plausible: go anywhere, act on the receptacles here, on what is believed in them and on what is held.</summary>
    public void AddPlausible(AlfWorldBelief belief, List<AlfWorldCommand> list)
    {
        var held = belief.Held;
        foreach (var place in belief.Places)
        {
            if (place != belief.At) list.Add(Make(AlfWorldVerb.GoTo, place.Name));
            if (!belief.IsHere(place)) continue;
            list.Add(Make(AlfWorldVerb.Examine, place.Name));
            if (place.IsOpenable != false)
            {
                list.Add(Make(AlfWorldVerb.Open, place.Name));
                if (place.IsOpen) list.Add(Make(AlfWorldVerb.Close, place.Name));
            }
            foreach (var thing in place.Things)
            {
                list.Add(Make(AlfWorldVerb.Take, thing.Name, place.Name));
                if (thing.Type == belief.Goal.TargetType || thing.Type is "desklamp" or "floorlamp") list.Add(Make(AlfWorldVerb.Use, thing.Name));
            }
            if (held is null) continue;
            list.Add(Make(AlfWorldVerb.Move, held.Name, place.Name));
            switch (place.Type)
            {
                case "sinkbasin": list.Add(Make(AlfWorldVerb.Clean, held.Name, place.Name)); break;
                case "microwave": list.Add(Make(AlfWorldVerb.Heat, held.Name, place.Name)); break;
                case "fridge": list.Add(Make(AlfWorldVerb.Cool, held.Name, place.Name)); break;
            }
        }
        AddTempting(belief, list);
        if (held is not null) list.Add(Make(AlfWorldVerb.Examine, held.Name));
        list.Add(Make(AlfWorldVerb.Inventory));
        list.Add(Make(AlfWorldVerb.Look));
    }

    /// <summary>Adds what serves the task but may be out of reach: acting on things and appliances that were seen elsewhere, or without holding the object.</summary>
    private void AddTempting(AlfWorldBelief belief, List<AlfWorldCommand> list)
    {
        var goal = belief.Goal;
        foreach (var thing in belief.Things)
        {
            if (thing.Type == goal.TargetType) list.Add(Make(AlfWorldVerb.Use, thing.Name));
            if (thing.Type != goal.ObjectType) continue;
            foreach (var place in thing.In) list.Add(Make(AlfWorldVerb.Take, thing.Name, place.Name));
            foreach (var place in belief.Places)
            {
                if (place.Type == goal.ToolType) list.Add(Make(goal.ToolVerb, thing.Name, place.Name));
                if (place.Type == goal.TargetType && thing == belief.Held) list.Add(Make(AlfWorldVerb.Move, thing.Name, place.Name));
            }
        }
        foreach (var place in belief.Places)
        {
            if (place.IsClosed || (place.Type == goal.TargetType && place.IsOpenable is null && AlfWorldPrior.Shipped.IsOpenable(place.Type))) list.Add(Make(AlfWorldVerb.Open, place.Name));
        }
    }

    /// <summary>Adds every command of the right form about things that are known: a receptacle where one belongs, an object where one belongs.</summary>
    public void AddWellFormed(AlfWorldBelief belief, List<AlfWorldCommand> list)
    {
        foreach (var place in belief.Places)
        {
            foreach (var verb in (ReadOnlySpan<AlfWorldVerb>)[AlfWorldVerb.GoTo, AlfWorldVerb.Open, AlfWorldVerb.Close, AlfWorldVerb.Examine]) list.Add(Make(verb, place.Name));
        }
        foreach (var thing in belief.Things)
        {
            list.Add(Make(AlfWorldVerb.Use, thing.Name));
            list.Add(Make(AlfWorldVerb.Examine, thing.Name));
            foreach (var place in belief.Places)
            {
                foreach (var verb in (ReadOnlySpan<AlfWorldVerb>)[AlfWorldVerb.Take, AlfWorldVerb.Move, AlfWorldVerb.Heat, AlfWorldVerb.Clean, AlfWorldVerb.Cool])
                    list.Add(Make(verb, thing.Name, place.Name));
            }
            foreach (var knife in belief.Things)
            {
                if (knife != thing && Knives.Contains(knife.Type)) list.Add(Make(AlfWorldVerb.Slice, thing.Name, knife.Name));
            }
        }
        foreach (var verb in (ReadOnlySpan<AlfWorldVerb>)[AlfWorldVerb.Inventory, AlfWorldVerb.Look, AlfWorldVerb.Help]) list.Add(Make(verb));
    }

    /// <summary>Sorts by text, ordinal, and drops what occurs twice.</summary>
    public static void Normalize(List<AlfWorldCommand> list)
    {
        list.Sort(static (a, b) => string.CompareOrdinal(a.Text, b.Text));
        int kept = 0;
        for (int i = 0; i < list.Count; i++)
        {
            if (kept == 0 || list[kept - 1].Text != list[i].Text) list[kept++] = list[i];
        }
        list.RemoveRange(kept, list.Count - kept);
    }
}
