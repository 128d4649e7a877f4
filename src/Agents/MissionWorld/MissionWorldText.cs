using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>What MissionWorld says, from a belief: nothing hidden can slip into it.</summary>
internal static class MissionWorldText
{
    public static string Start(MissionWorldBelief belief)
    {
        var map = belief.Map;
        var text = new StringBuilder("Site:");
        foreach (var road in map.Roads)
        {
            text.Append(' ').Append(map.Places[road.A].Name).Append(" - ").Append(map.Places[road.B].Name).Append(" (").Append(road.Cost).Append(" m");
            if (road.Door >= 0) text.Append(", door ").Append(road.Door + 1).Append(", closed");
            text.Append(");");
        }
        for (int l = 0; l < map.Lockers.Count; l++) text.Append(" locker ").Append(l + 1).Append(" at ").Append(map.Places[map.Lockers[l]].Name).Append(';');
        foreach (var target in map.Targets) text.Append(' ').Append(target.Name).Append(" at ").Append(map.Places[target.Place].Name).Append(';');
        text.Append('\n');
        Items(belief, text);
        return Status(belief, text.Append('\n')).ToString();
    }

    public static string After(MissionWorldBelief belief, MissionWorldCommand command)
    {
        var text = new StringBuilder(command.Text).Append(": done. ");
        if (command.Verb == MissionWorldVerb.OpenLocker)
        {
            int seen = 0;
            for (int i = 0; i < belief.Map.Items.Count; i++)
            {
                if (belief.ItemLockers[i] != command.Thing || (belief.Situation.Delivered >> i & 1) != 0 || belief.Situation.Held == i) continue;
                text.Append(seen++ == 0 ? "In it: " : ", ").Append(belief.Map.Items[i].Name);
            }
            text.Append(seen == 0 ? "It is empty. " : ". ");
        }
        if (command.Verb == MissionWorldVerb.Deliver && (belief.Situation.Wrong >> command.Thing & 1) != 0) text.Append("It was not processed: that cannot be undone. ");
        return Status(belief, text).ToString();
    }

    private static void Items(MissionWorldBelief belief, StringBuilder text)
    {
        for (int i = 0; i < belief.Map.Items.Count; i++)
        {
            int place = belief.ItemPlaces[i];
            text.Append(belief.Map.Items[i].Name).Append(place < 0 ? " is in one of the lockers; " : $" is at {belief.Map.Places[place].Name}; ");
        }
    }

    private static StringBuilder Status(MissionWorldBelief belief, StringBuilder text)
    {
        var s = belief.Situation;
        text.Append("At ").Append(belief.Map.Places[s.Place].Name).Append(s.Docked ? ", docked" : "").Append(", battery ").Append(s.Battery).Append(" m");
        return s.Held >= 0 ? text.Append(", holding ").Append(belief.Map.Items[s.Held].Name).Append('.') : text.Append('.');
    }
}
