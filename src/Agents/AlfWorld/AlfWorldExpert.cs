namespace EdgeAutonomy.Agents;

/// <summary>A searching expert: looks for the object where such things usually lie, treats it, brings it where it belongs.</summary>
/// <remarks>
/// Sees an <see cref="AlfWorldBelief"/> and a prior counted on games for training; it has no way to the game's facts. A function of the belief
/// alone, so it can label states that somebody else's decisions led to. Thread-safe.
/// </remarks>
/// <param name="prior">Where things usually lie.</param>
public sealed class AlfWorldExpert(AlfWorldPrior prior)
{
    /// <summary>Returns the next command, or null where it is at a loss.</summary>
    /// <param name="belief">What is known.</param>
    public AlfWorldCommand? Choose(AlfWorldBelief belief)
    {
        ArgumentNullException.ThrowIfNull(belief);
        foreach (var command in Proposals(belief))
        {
            if (!belief.IsBlacklisted(command.Text)) return command;
        }
        return null;
    }

    private IEnumerable<AlfWorldCommand> Proposals(AlfWorldBelief belief)
    {
        var own = belief.Held switch
        {
            null => Find(belief, belief.Goal.ObjectType),
            { } held when held.Type == belief.Goal.ObjectType => Treat(belief, held),
            { } held => PutBack(belief, held),
        };
        foreach (var command in own) yield return command;
        // Whatever else fails: look again at places whose contents may have been misread.
        foreach (var place in belief.Places)
        {
            if (!belief.IsHere(place)) yield return AlfWorldCommand.Make(AlfWorldVerb.GoTo, place.Name);
        }
    }

    /// <summary>With empty hands: take an object of a kind that is believed somewhere, or search for one.</summary>
    private IEnumerable<AlfWorldCommand> Find(AlfWorldBelief belief, string type)
    {
        var target = Target(belief);
        var known = new List<(int Cost, AlfWorldThing Thing, AlfWorldPlace Place)>();
        foreach (var thing in belief.Things)
        {
            // One that counts already stays: with two wanted, only those outside the chosen receptacle are candidates.
            if (thing.Type != type || (belief.Goal.Kind == AlfWorldGoalKind.Two ? target is not null && thing.In.Contains(target) : belief.IsPlaced(thing))) continue;
            foreach (var place in thing.In)
            {
                int cost = (belief.IsHere(place) ? 0 : 1) + (place.IsClosed ? 1 : 0) + (belief.IsReady(thing) ? 0 : 4);
                known.Add((cost, thing, place));
            }
        }
        foreach (var (_, thing, place) in known.OrderBy(k => k.Cost).ThenBy(k => k.Thing.Name, StringComparer.Ordinal).ThenBy(k => k.Place.Name, StringComparer.Ordinal))
        {
            yield return Reach(belief, place) ?? AlfWorldCommand.Make(AlfWorldVerb.Take, thing.Name, place.Name);
        }
        foreach (var command in Search(belief, type)) yield return command;
    }

    /// <summary>With the right object in hand: make it as the task wants it, then bring it there.</summary>
    private IEnumerable<AlfWorldCommand> Treat(AlfWorldBelief belief, AlfWorldThing held)
    {
        var goal = belief.Goal;
        if (goal.Kind == AlfWorldGoalKind.Look)
        {
            foreach (var lamp in belief.Things)
            {
                if (lamp.Type != goal.TargetType) continue;
                foreach (var place in lamp.In.OrderBy(p => belief.IsHere(p) ? 0 : 1))
                {
                    // A lamp can be used in a closed receptacle, so there is nothing to open.
                    yield return belief.IsHere(place) ? AlfWorldCommand.Make(AlfWorldVerb.Use, lamp.Name) : AlfWorldCommand.Make(AlfWorldVerb.GoTo, place.Name);
                }
            }
            foreach (var command in Search(belief, goal.TargetType)) yield return command;
            yield break;
        }
        if (goal.NeedsTool && !belief.IsReady(held))
        {
            foreach (var tool in belief.Places.Where(p => p.Type == goal.ToolType).OrderBy(p => belief.IsHere(p) ? 0 : 1))
            {
                // The object stays in the hand; the appliance may be closed.
                yield return belief.IsHere(tool) ? AlfWorldCommand.Make(goal.ToolVerb, held.Name, tool.Name) : AlfWorldCommand.Make(AlfWorldVerb.GoTo, tool.Name);
            }
        }
        var target = Target(belief);
        foreach (var place in belief.Places.Where(p => p.Type == goal.TargetType).OrderBy(p => p == target ? 0 : belief.IsHere(p) ? 1 : p.IsClosed ? 3 : 2))
        {
            yield return Reach(belief, place) ?? AlfWorldCommand.Make(AlfWorldVerb.Move, held.Name, place.Name);
        }
    }

    /// <summary>With something else in hand: put it back, or wherever it is accepted.</summary>
    private static IEnumerable<AlfWorldCommand> PutBack(AlfWorldBelief belief, AlfWorldThing held)
    {
        foreach (var place in belief.Places.OrderBy(p => p == held.Origin ? 0 : belief.IsHere(p) ? 1 : 2))
        {
            yield return Reach(belief, place) ?? AlfWorldCommand.Make(AlfWorldVerb.Move, held.Name, place.Name);
        }
    }

    /// <summary>Looks into receptacles not seen yet, the one with the best chance for each step first; ties by name.</summary>
    private IEnumerable<AlfWorldCommand> Search(AlfWorldBelief belief, string type)
    {
        var unseen = new List<(double Worth, AlfWorldPlace Place)>();
        foreach (var place in belief.Places)
        {
            if (place.IsSeen) continue;
            bool opens = place.IsOpenable ?? prior.IsOpenable(place.Type);
            int steps = (belief.IsHere(place) ? 0 : 1) + (opens || belief.IsHere(place) ? 1 : 0);
            // A little for every place: what was never counted somewhere may still be there.
            unseen.Add(((prior.Rate(type, place.Type) + 1e-4) / steps, place));
        }
        foreach (var (_, place) in unseen.OrderByDescending(u => u.Worth).ThenBy(u => u.Place.Name, StringComparer.Ordinal))
        {
            if (!belief.IsHere(place)) yield return AlfWorldCommand.Make(AlfWorldVerb.GoTo, place.Name);
            else if (place.IsOpenable ?? prior.IsOpenable(place.Type)) yield return AlfWorldCommand.Make(AlfWorldVerb.Open, place.Name);
            if (belief.IsHere(place)) yield return AlfWorldCommand.Make(AlfWorldVerb.Examine, place.Name);
        }
    }

    /// <summary>Returns the receptacle that both of two objects shall go into: one that holds one already, the fullest first.</summary>
    private static AlfWorldPlace? Target(AlfWorldBelief belief)
    {
        if (belief.Goal.Kind != AlfWorldGoalKind.Two) return null;
        AlfWorldPlace? best = null;
        int most = 0;
        foreach (var place in belief.Places)
        {
            if (place.Type != belief.Goal.TargetType) continue;
            int count = place.Things.Count(t => t.Type == belief.Goal.ObjectType && t != belief.Held);
            if (count > most) (best, most) = (place, count);
        }
        return best;
    }

    /// <summary>Returns what must be done before hands can reach into a receptacle: go there, open it; null where nothing.</summary>
    private static AlfWorldCommand? Reach(AlfWorldBelief belief, AlfWorldPlace place)
    {
        if (!belief.IsHere(place)) return AlfWorldCommand.Make(AlfWorldVerb.GoTo, place.Name);
        return place.IsClosed ? AlfWorldCommand.Make(AlfWorldVerb.Open, place.Name) : null;
    }
}
