namespace EdgeAutonomy.Agents;

/// <summary>A planner that sees only a belief and plans anew at every step: unseen items are assumed in the nearest locker not opened yet.</summary>
/// <remarks>Where nothing is hidden its plans are shortest. Not thread-safe.</remarks>
/// <param name="map">The map.</param>
public sealed class MissionWorldExpert(MissionWorldMap map)
{
    private readonly MissionWorldPlanner _planner = new(map);

    /// <summary>Returns the next command's verb, thing and place; null where the goal is out of reach.</summary>
    /// <param name="belief">What is known.</param>
    public (MissionWorldVerb Verb, int Thing, int Place)? Choose(MissionWorldBelief belief)
    {
        ArgumentNullException.ThrowIfNull(belief);
        var situation = belief.Situation;
        int[] places = [.. belief.ItemPlaces], lockers = [.. belief.ItemLockers];
        int unknown = belief.Unknown;
        if (unknown != 0)
        {
            int nearest = Nearest(situation);
            for (int i = 0; i < places.Length; i++)
            {
                if ((unknown >> i & 1) == 0) continue;
                if (nearest < 0) return null;
                (places[i], lockers[i]) = (map.Lockers[nearest], nearest);
            }
        }
        return _planner.Plan(situation, places, lockers, belief.Limit).First;
    }

    private int Nearest(in MissionWorldSituation situation)
    {
        int best = -1;
        for (int l = 0; l < map.Lockers.Count; l++)
        {
            if ((situation.LockersOpen >> l & 1) != 0) continue;
            if (best < 0 || map.Hops(situation.Place, map.Lockers[l]) < map.Hops(situation.Place, map.Lockers[best])) best = l;
        }
        return best;
    }
}
