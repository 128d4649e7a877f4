using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>Turns a belief into numbers: kinds and flags, never an entity's number, so that a policy carries over to rooms it never saw.</summary>
internal static class AlfWorldFeatures
{
    private const int Verbs = 14, Goals = 6;

    private static readonly string[] StateFlags =
    [
        "time", "holding", "holding goal kind", "held is ready", "held needs tool", "known goal things /3", "placed /2", "lamp known", "tool known",
        "places seen share", "places unseen and likely share", "at a place", "at target kind", "at tool kind", "at goal thing", "at closed", "last refused",
    ];

    private static readonly string[] CandidateFlags =
    [
        "thing is goal kind", "place is target kind", "thing is held", "goal kind is held", "place visited", "place open", "place known empty", "place has goal thing",
        "thing clean", "thing hot", "thing cool", "needed tool", "thing placed", "issued 0", "issued 1", "issued 2+", "place closed", "place unseen", "place here",
        "held needs tool", "refused lately", "place has a placed one", "place has the lamp", "usual place of goal kind", "usual place of lamp",
    ];

    private static readonly int Things = AlfWorldPriorTable.ObjectTypes.Length + 1, Kinds = AlfWorldPriorTable.ReceptacleTypes.Length + 1;

    public static MissionShape Shape { get; } = new(
        Goals + Things + Kinds + StateFlags.Length,
        Kinds + Things + Verbs + 1,
        Verbs + Things + Kinds + CandidateFlags.Length,
        Vocabulary());

    public static void State(AlfWorldBelief belief, int limit, Span<float> to)
    {
        var goal = belief.Goal;
        to.Clear();
        to[(int)goal.Kind] = 1;
        to = to[Goals..];
        to[Thing(goal.ObjectType)] = 1;
        to = to[Things..];
        if (goal.Kind != AlfWorldGoalKind.Look) to[Kind(goal.TargetType)] = 1;
        to = to[Kinds..];
        int known = 0, placed = 0, seen = 0, likely = 0;
        bool lamp = false, tool = false;
        foreach (var thing in belief.Things)
        {
            if (thing.Type == goal.ObjectType && thing.In.Count > 0) known++;
            if (belief.IsPlaced(thing)) placed++;
            lamp |= goal.Kind == AlfWorldGoalKind.Look && thing.Type == goal.TargetType;
        }
        foreach (var place in belief.Places)
        {
            if (place.IsSeen) seen++;
            else if (IsUsual(goal.ObjectType, place.Type)) likely++;
            tool |= place.Type == goal.ToolType;
        }
        var held = belief.Held;
        var at = belief.At;
        float places = Math.Max(1, belief.Places.Count);
        ReadOnlySpan<float> flags =
        [
            (float)belief.Steps / limit, Flag(held is not null), Flag(held?.Type == goal.ObjectType), Flag(held is not null && held.Type == goal.ObjectType && belief.IsReady(held)),
            Flag(NeedsTool(belief)), Math.Min(known, 3) / 3f, Math.Min(placed, 2) / 2f, Flag(lamp), Flag(tool), seen / places, likely / places,
            Flag(at is not null), Flag(at?.Type == goal.TargetType), Flag(at is not null && at.Type == goal.ToolType), Flag(at is not null && HasGoalThing(belief, at)), Flag(at is { IsClosed: true }),
            Flag(belief.Steps > 0 && !belief.LastGrounded),
        ];
        flags.CopyTo(to);
    }

    public static void Event(AlfWorldBelief belief, Span<float> to)
    {
        to.Clear();
        if (belief.Steps == 0) return;
        if (belief.Last is { Verb: AlfWorldVerb.GoTo } && belief.LastGrounded && belief.At is { } at) to[Kind(at.Type)] = 1;
        to = to[Kinds..];
        foreach (var thing in belief.Seen) to[Thing(thing.Type)] = 1;
        to = to[Things..];
        if (belief.Last is { } last) to[(int)last.Verb] = 1;
        to[Verbs] = Flag(belief.LastGrounded);
    }

    public static void Candidate(AlfWorldBelief belief, AlfWorldCommand command, Span<float> to)
    {
        var goal = belief.Goal;
        // The first name is an object's unless a receptacle has it; names are unique over both.
        string placeName = belief.Place(command.First) is not null ? command.First : command.Verb == AlfWorldVerb.Slice ? "" : command.Second;
        string thingName = placeName == command.First ? "" : command.First;
        var place = placeName.Length > 0 ? belief.Place(placeName) : null;
        var thing = thingName.Length > 0 ? belief.Thing(thingName) : null;
        string thingKind = thingName.Length > 0 ? AlfWorldNames.KindOf(thingName) : "", placeKind = placeName.Length > 0 ? AlfWorldNames.KindOf(placeName) : "";
        to.Clear();
        to[(int)command.Verb] = 1;
        to = to[Verbs..];
        if (thingKind.Length > 0) to[Thing(thingKind)] = 1;
        to = to[Things..];
        if (placeKind.Length > 0) to[Kind(placeKind)] = 1;
        to = to[Kinds..];
        int issued = belief.Issued(command.Text);
        bool lampHere = place is not null && goal.Kind == AlfWorldGoalKind.Look && Has(place, goal.TargetType);
        ReadOnlySpan<float> flags =
        [
            Flag(thingKind == goal.ObjectType), Flag(placeKind == goal.TargetType), Flag(thing is not null && thing == belief.Held), Flag(belief.Held?.Type == goal.ObjectType),
            Flag(place is { IsVisited: true }), Flag(place is { IsOpen: true }), Flag(place is { IsSeen: true } && place.Contents.Count == 0), Flag(place is not null && HasGoalThing(belief, place)),
            Flag(thing is { IsClean: true }), Flag(thing is { IsHot: true }), Flag(thing is { IsCool: true }),
            Flag((placeKind.Length > 0 && placeKind == goal.ToolType) || (goal.Kind == AlfWorldGoalKind.Look && thingKind == goal.TargetType)),
            Flag(thing is not null && belief.IsPlaced(thing)), Flag(issued == 0), Flag(issued == 1), Flag(issued >= 2), Flag(place is { IsClosed: true }), Flag(place is { IsSeen: false }),
            Flag(place is not null && belief.IsHere(place)), Flag(NeedsTool(belief)), Flag(belief.IsBlacklisted(command.Text)), Flag(place is not null && place.Things.Exists(belief.IsPlaced)), Flag(lampHere),
            Flag(placeKind.Length > 0 && IsUsual(goal.ObjectType, placeKind)), Flag(placeKind.Length > 0 && goal.Kind == AlfWorldGoalKind.Look && IsUsual(goal.TargetType, placeKind)),
        ];
        flags.CopyTo(to);
    }

    private static bool NeedsTool(AlfWorldBelief belief)
        => belief.Goal.NeedsTool && belief.Held is { } held && held.Type == belief.Goal.ObjectType && !belief.IsReady(held);

    private static bool HasGoalThing(AlfWorldBelief belief, AlfWorldPlace place)
    {
        foreach (var thing in place.Things)
        {
            if (thing.Type == belief.Goal.ObjectType && !belief.IsPlaced(thing)) return true;
        }
        return false;
    }

    private static bool Has(AlfWorldPlace place, string kind)
    {
        foreach (var thing in place.Things)
        {
            if (thing.Type == kind) return true;
        }
        return false;
    }

    // One object in ten receptacles of the kind, in the games for training.
    private static bool IsUsual(string thing, string place) => AlfWorldPrior.Shipped.Rate(thing, place) >= 0.1;

    private static int Thing(string kind)
    {
        int i = Array.BinarySearch(AlfWorldPriorTable.ObjectTypes, kind, StringComparer.Ordinal);
        return i < 0 ? Things - 1 : i;
    }

    private static int Kind(string kind)
    {
        int i = Array.BinarySearch(AlfWorldPriorTable.ReceptacleTypes, kind, StringComparer.Ordinal);
        return i < 0 ? Kinds - 1 : i;
    }

    private static float Flag(bool value) => value ? 1 : 0;

    private static string Vocabulary()
    {
        string things = string.Join(' ', AlfWorldPriorTable.ObjectTypes) + " other", places = string.Join(' ', AlfWorldPriorTable.ReceptacleTypes) + " other";
        string verbs = string.Join(' ', Enum.GetNames<AlfWorldVerb>());
        var text = new StringBuilder("alfworld 1\n");
        text.Append("state: goal ").Append(string.Join(' ', Enum.GetNames<AlfWorldGoalKind>())).Append(" | goal thing ").Append(things).Append(" | goal place ").Append(places)
            .Append(" | ").Append(string.Join(", ", StateFlags)).Append('\n');
        text.Append("event: went to ").Append(places).Append(" | saw ").Append(things).Append(" | last ").Append(verbs).Append(" | grounded\n");
        text.Append("candidate: verb ").Append(verbs).Append(" | thing ").Append(things).Append(" | place ").Append(places).Append(" | ").Append(string.Join(", ", CandidateFlags)).Append('\n');
        return text.ToString();
    }
}
