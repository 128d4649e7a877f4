using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>MissionWorld as a planning domain, and its missions as problems.</summary>
public static class MissionWorldDomain
{
    /// <summary>The domain in PDDL. Battery and time are counters outside it, checked beside its conditions.</summary>
    public const string Text = """
        (define (domain mission-world)
          (:requirements :adl :typing)
          (:types robot place item class door locker sensor-target sensor)
          (:predicates
            (at ?r - robot ?p - place) (connected ?a ?b - place) (door-between ?d - door ?a ?b - place) (door-open ?d - door)
            (item-at ?i - item ?p - place) (item-class ?i - item ?c - class) (holding ?r - robot ?i - item) (hands-free ?r - robot)
            (needs-process ?c - class) (station ?p - place ?c - class) (accepts ?p - place ?c - class)
            (processed ?i - item) (delivered ?i - item) (delivered-wrong ?i - item)
            (target-at ?x - sensor-target ?p - place) (needs-sensor ?x - sensor-target ?s - sensor) (fitted ?r - robot ?s - sensor) (inspected ?x - sensor-target)
            (charger ?p - place) (charged ?r - robot) (dock-place ?p - place) (docked ?r - robot) (reported ?r - robot)
            (locker-at ?l - locker ?p - place) (closed-locker ?l - locker) (opened-locker ?l - locker) (in-locker ?i - item ?l - locker))
          (:action drive :parameters (?r - robot ?from ?to - place)
            :precondition (and (not (reported ?r)) (at ?r ?from) (connected ?from ?to)
              (forall (?d - door) (imply (door-between ?d ?from ?to) (door-open ?d))))
            :effect (and (not (at ?r ?from)) (at ?r ?to) (not (docked ?r)) (not (charged ?r))))
          (:action open-door :parameters (?r - robot ?d - door ?here ?there - place)
            :precondition (and (not (reported ?r)) (door-between ?d ?here ?there) (at ?r ?here) (not (door-open ?d)))
            :effect (door-open ?d))
          (:action open-locker :parameters (?r - robot ?l - locker ?p - place)
            :precondition (and (not (reported ?r)) (locker-at ?l ?p) (at ?r ?p) (closed-locker ?l))
            :effect (and (not (closed-locker ?l)) (opened-locker ?l)))
          (:action pick :parameters (?r - robot ?i - item ?p - place)
            :precondition (and (not (reported ?r)) (at ?r ?p) (hands-free ?r)
              (or (exists (?l - locker) (and (in-locker ?i ?l) (locker-at ?l ?p) (opened-locker ?l))) (item-at ?i ?p)))
            :effect (and (holding ?r ?i) (not (hands-free ?r)) (not (item-at ?i ?p)) (forall (?l - locker) (not (in-locker ?i ?l)))))
          (:action process :parameters (?r - robot ?i - item ?p - place ?c - class)
            :precondition (and (not (reported ?r)) (holding ?r ?i) (at ?r ?p) (item-class ?i ?c) (station ?p ?c) (not (processed ?i)))
            :effect (processed ?i))
          (:action deliver :parameters (?r - robot ?i - item ?p - place ?c - class)
            :precondition (and (not (reported ?r)) (holding ?r ?i) (at ?r ?p) (item-class ?i ?c) (accepts ?p ?c))
            :effect (and (not (holding ?r ?i)) (hands-free ?r)
              (when (or (processed ?i) (not (needs-process ?c))) (delivered ?i))
              (when (and (needs-process ?c) (not (processed ?i))) (delivered-wrong ?i))))
          (:action inspect :parameters (?r - robot ?x - sensor-target ?p - place ?s - sensor)
            :precondition (and (not (reported ?r)) (target-at ?x ?p) (at ?r ?p) (needs-sensor ?x ?s) (fitted ?r ?s) (not (inspected ?x)))
            :effect (inspected ?x))
          (:action charge :parameters (?r - robot ?p - place)
            :precondition (and (not (reported ?r)) (at ?r ?p) (charger ?p))
            :effect (charged ?r))
          (:action dock :parameters (?r - robot ?p - place)
            :precondition (and (not (reported ?r)) (at ?r ?p) (dock-place ?p) (not (docked ?r)))
            :effect (docked ?r))
          (:action report :parameters (?r - robot)
            :precondition (and (docked ?r) (not (reported ?r)))
            :effect (reported ?r)))
        """;

    /// <summary>Gets the domain, parsed.</summary>
    public static PddlDomain Domain { get; } = PddlDomain.Parse(Text, "MissionWorld domain");

    /// <summary>Returns the PDDL name of a thing: its name with underscores.</summary>
    /// <param name="name">Such as <c>ward 1</c>.</param>
    public static string IdOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Replace(' ', '_');
    }

    internal static string Problem(MissionWorldMap map, IReadOnlyList<int> itemPlaces, IReadOnlyList<int> itemLockers)
    {
        var text = new StringBuilder("(define (problem mission)\n (:domain mission-world)\n (:objects robot - robot");
        foreach (var place in map.Places) text.Append(' ').Append(IdOf(place.Name));
        text.Append(" - place");
        Declare(text, map.Items.Select(i => i.Name), "item");
        Declare(text, MissionWorldMap.ItemClasses.Select(c => c + "-class"), "class");
        Declare(text, Enumerable.Range(1, map.Doors).Select(d => $"door {d}"), "door");
        Declare(text, Enumerable.Range(1, map.Lockers.Count).Select(l => $"locker {l}"), "locker");
        Declare(text, map.Targets.Select(t => t.Name), "sensor-target");
        Declare(text, MissionWorldMap.TargetTypes.Select(t => t + "-sensor"), "sensor");
        text.Append(")\n (:init (hands-free robot) (at robot ").Append(Place(map, map.Start)).Append(") (dock-place ").Append(Place(map, map.Dock)).Append(")\n");
        for (int c = 0; c < MissionWorldMap.ItemClasses.Count; c++)
        {
            string name = MissionWorldMap.ItemClasses[c] + "-class";
            if (MissionWorldMap.NeedsProcess(c)) text.Append("  (needs-process ").Append(name).Append(")\n");
            for (int p = 0; p < map.Places.Count; p++)
            {
                if (map.IsStation(p, c)) text.Append("  (station ").Append(Place(map, p)).Append(' ').Append(name).Append(")\n");
                if (map.Takes(p, c)) text.Append("  (accepts ").Append(Place(map, p)).Append(' ').Append(name).Append(")\n");
            }
        }
        for (int p = 0; p < map.Places.Count; p++)
        {
            if (map.IsCharger(p)) text.Append("  (charger ").Append(Place(map, p)).Append(")\n");
        }
        foreach (var road in map.Roads)
        {
            foreach (var (a, b) in (ReadOnlySpan<(int, int)>)[(road.A, road.B), (road.B, road.A)])
            {
                text.Append("  (connected ").Append(Place(map, a)).Append(' ').Append(Place(map, b)).Append(")\n");
                if (road.Door >= 0) text.Append("  (door-between door_").Append(road.Door + 1).Append(' ').Append(Place(map, a)).Append(' ').Append(Place(map, b)).Append(")\n");
            }
        }
        for (int l = 0; l < map.Lockers.Count; l++)
            text.Append("  (closed-locker locker_").Append(l + 1).Append(") (locker-at locker_").Append(l + 1).Append(' ').Append(Place(map, map.Lockers[l])).Append(")\n");
        for (int i = 0; i < map.Items.Count; i++)
        {
            string id = IdOf(map.Items[i].Name);
            text.Append("  (item-class ").Append(id).Append(' ').Append(MissionWorldMap.ItemClasses[map.Items[i].Class]).Append("-class) ");
            text.Append(itemLockers[i] >= 0 ? $"(in-locker {id} locker_{itemLockers[i] + 1})\n" : $"(item-at {id} {Place(map, itemPlaces[i])})\n");
        }
        foreach (var target in map.Targets)
        {
            text.Append("  (target-at ").Append(IdOf(target.Name)).Append(' ').Append(Place(map, target.Place)).Append(") (needs-sensor ").Append(IdOf(target.Name))
                .Append(' ').Append(MissionWorldMap.TargetTypes[target.Type]).Append("-sensor)\n");
        }
        for (int s = 0; s < MissionWorldMap.TargetTypes.Count; s++)
        {
            if ((map.Sensors >> s & 1) != 0) text.Append("  (fitted robot ").Append(MissionWorldMap.TargetTypes[s]).Append("-sensor)\n");
        }
        text.Append(" )\n (:goal (and (reported robot)");
        foreach (var item in map.Items) text.Append(" (delivered ").Append(IdOf(item.Name)).Append(')');
        foreach (var target in map.Targets)
        {
            if (target.IsWanted) text.Append(" (inspected ").Append(IdOf(target.Name)).Append(')');
        }
        return text.Append(" (forall (?i - item) (not (delivered-wrong ?i))))))\n").ToString();
    }

    private static string Place(MissionWorldMap map, int place) => IdOf(map.Places[place].Name);

    private static void Declare(StringBuilder text, IEnumerable<string> names, string type)
    {
        bool any = false;
        foreach (string name in names)
        {
            text.Append(' ').Append(IdOf(name));
            any = true;
        }
        if (any) text.Append(" - ").Append(type);
    }
}
