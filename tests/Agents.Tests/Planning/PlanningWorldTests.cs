using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests;

public sealed class PlanningWorldTests
{
    private const string Adl = """
        (define (domain adl) (:requirements :adl)
          (:types thing lamp - object switch)
          (:predicates (on ?l - lamp) (wired ?s - switch ?l - lamp) (broken ?l - lamp) (clean ?t - thing) (near ?a ?b - thing) (locked) (seen ?t - thing))
          (:functions (total-cost))
          (:action press :parameters (?s - switch)
            :precondition (or (not (locked)) (forall (?l - lamp) (imply (wired ?s ?l) (on ?l))))
            :effect (and (increase (total-cost) 2)
              (forall (?l - lamp) (and (when (and (wired ?s ?l) (on ?l)) (not (on ?l))) (when (and (wired ?s ?l) (not (on ?l)) (not (broken ?l))) (on ?l))))))
          (:action lock :precondition () :effect (locked))
          (:action unlock :precondition (and (locked) (exists (?l - lamp) (on ?l))) :effect (not (locked)))
          (:action wipe :parameters (?t - thing)
            :precondition (exists (?o - thing) (and (near ?t ?o) (or (clean ?o) (not (locked))) (not (= ?t ?o))))
            :effect (and (not (clean ?t)) (clean ?t) (seen ?t)))
          (:action swap :parameters (?a ?b - thing) :precondition (and (near ?a ?b) (clean ?a) (not (clean ?b)))
            :effect (and (not (near ?a ?b)) (near ?b ?a) (not (clean ?a)) (clean ?b))))
        """;

    private const string AdlProblem = """
        (define (problem p) (:objects t1 t2 t3 - thing l1 l2 l3 - lamp s1 s2 - switch)
          (:init (wired s1 l1) (wired s1 l2) (wired s2 l2) (wired s2 l3) (broken l3) (near t1 t2) (near t2 t3) (near t3 t3) (clean t1))
          (:goal (and (on l1) (not (on l2)) (clean t3))))
        """;

    [Fact]
    public void Apply_ConditionalEffects_ReadTheStateBefore()
    {
        var world = PddlTests.World(Adl, AdlProblem);
        Assert.True(world.Apply(world.Find("press", "s1")!));
        Assert.True(world.Holds("on", "l1") && world.Holds("on", "l2"));
        Assert.Equal(2, world.Find("press", "s1")!.Cost);
        world.Apply(world.Find("press", "s2")!);
        // l2 went off because it was on before; it does not flip back within the same action. l3 is broken.
        Assert.False(world.Holds("on", "l2"));
        Assert.False(world.Holds("on", "l3"));
    }

    [Fact]
    public void Apply_DeleteAndAddOfOneFact_LeavesItTrue()
    {
        var world = PddlTests.World(Adl, AdlProblem);
        world.Apply(world.Find("wipe", "t1")!);
        Assert.True(world.Holds("clean", "t1"));
        Assert.Equal((1, 0), world.Delta);
    }

    [Fact]
    public void Apply_NotExecutable_ChangesNothing()
    {
        var world = PddlTests.World(Adl, AdlProblem);
        Assert.Null(world.Find("unlock"));
        foreach (var action in (string[][])[["press", "s1"], ["lock"], ["press", "s1"]]) Assert.True(world.Apply(world.Find(action[0], action.AsSpan(1))!));
        // Known since a lamp was on, and not possible now that none is.
        var unlock = world.Find("unlock")!;
        ulong hash = world.StateHash;
        Assert.False(world.IsExecutable(unlock));
        Assert.False(world.Apply(unlock));
        Assert.Equal(hash, world.StateHash);
        Assert.Equal(("on", true), (world.Explain("unlock")!.Predicate, world.Explain("unlock")!.Expected));
    }

    [Fact]
    public void Apply_ActionOfAnotherWorld_IsRefused()
    {
        PlanningWorld a = PddlTests.World(Adl, AdlProblem), b = PddlTests.World(Adl, AdlProblem);
        Assert.Throws<ArgumentException>(() => a.Apply(b.Find("lock")!));
    }

    [Fact]
    public void Executables_RandomWalks_EqualTheDefinition()
    {
        Check(PddlTests.World(Adl, AdlProblem), 400);
        Check(PddlTests.Boxes(), 50);
        foreach (var family in Enum.GetValues<MissionFamily>())
        {
            var layout = MissionGenerator.Generate(2, family, new MissionWorldOptions(ClosedLockers: true));
            Check(new PlanningWorld(new PlanningTask(MissionWorldDomain.Domain, PddlProblem.Parse(layout.Problem, MissionWorldDomain.Domain))), 60);
        }
    }

    [Fact]
    public void StateHash_SameFactsByOtherPaths_IsEqual()
    {
        PlanningWorld a = PddlTests.World(Adl, AdlProblem), b = PddlTests.World(Adl, AdlProblem);
        foreach (string s in (string[])["s1", "s2"]) a.Apply(a.Find("press", s)!);
        a.Apply(a.Find("lock")!);
        b.Apply(b.Find("lock")!);
        Assert.NotEqual(a.StateHash, b.StateHash);
        b.Restore(b.Initial);
        b.Apply(b.Find("press", "s2")!);
        b.Apply(b.Find("press", "s1")!);
        b.Apply(b.Find("lock")!);
        // l1 on, l2 on then off, and the other way round.
        Assert.Equal(a.StateHash, b.StateHash);
        Assert.Equal(a.Executables.ToArray().Select(x => x.ToString()), b.Executables.ToArray().Select(x => x.ToString()));
    }

    [Fact]
    public void Restore_AnyStateOfAWalk_BringsBackHashAndExecutables()
    {
        var world = PddlTests.World(Adl, AdlProblem);
        var random = new RandomStream(9);
        var saved = new List<(PlanningState State, string[] Actions)>();
        for (int i = 0; i < 60; i++)
        {
            saved.Add((world.Save(), Names(world)));
            world.Apply(world.Executables[random.NextInt32(world.Executables.Length)]);
            if (i % 3 != 0) continue;
            var (state, actions) = saved[random.NextInt32(saved.Count)];
            world.Restore(state);
            Assert.Equal(state.Hash, world.StateHash);
            Assert.Equal(actions, Names(world));
        }
    }

    [Fact]
    public void Enabled_AndDisabled_AreTheChangeOfTheList()
    {
        var world = PddlTests.World(Adl, AdlProblem);
        var random = new RandomStream(4);
        for (int i = 0; i < 200; i++)
        {
            var before = Names(world).ToHashSet();
            world.Apply(world.Executables[random.NextInt32(world.Executables.Length)]);
            var expected = before.Except(world.Disabled.Select(a => a.ToString())).Concat(world.Enabled.Select(a => a.ToString())).ToHashSet();
            Assert.True(expected.SetEquals(Names(world)));
            Assert.Empty(before.Intersect(world.Enabled.Select(a => a.ToString())));
        }
    }

    [Theory]
    [InlineData(true, "(go a b)")]
    [InlineData(false, "(go a a) (go a b)")]
    public void Executables_ActionsWithoutEffect_AreDroppedOnRequest(bool drop, string expected)
    {
        var world = PddlTests.World(
            "(define (domain d) (:types p) (:predicates (at ?p - p) (ok ?p - p)) (:action go :parameters (?f ?t - p) :precondition (and (at ?f) (ok ?t)) :effect (and (not (at ?f)) (at ?t))))",
            "(define (problem q) (:objects a b c - p) (:init (at a) (ok a) (ok b)))", drop);
        Assert.Equal(expected, string.Join(' ', Names(world)));
        Assert.Equal(drop ? "'go' would change nothing here" : null, world.Explain("go", "a", "a")?.ToString());
    }

    [Fact]
    public void Explain_FirstFailedCondition_IsNamed()
    {
        var world = PddlTests.Boxes();
        Assert.Null(world.Explain("move", "b1", "x", "y"));
        Assert.Equal("'(in b1 y)' must be true and is not", world.Explain("MOVE", "B1", "y", "x")!.ToString());
        Assert.Equal("'(= x x)' must not be true and is", world.Explain("move", "b1", "x", "x")!.ToString());
        Assert.Equal("there is no action 'fly'", world.Explain("fly")!.ToString());
        Assert.Equal("there is no 'b7'", world.Explain("move", "b7", "x", "y")!.ToString());
        Assert.Equal("'move' takes 3 things, not 1", world.Explain("move", "b1")!.ToString());
    }

    [Fact]
    public void Explain_AskedVeryOften_DoesNotUseUpTheBudget()
    {
        var world = PddlTests.World(Adl, AdlProblem, budget: 2000);
        for (int i = 0; i < 5000; i++) Assert.NotNull(world.Explain("unlock"));
        Assert.True(world.Apply(world.Find("lock")!));
    }

    [Fact]
    public void Constructor_TooManyActions_IsOneClearErrorSoon()
    {
        string objects = string.Join(' ', Enumerable.Range(0, 5000).Select(i => $"o{i}"));
        var error = Assert.Throws<PddlException>(() => PddlTests.World(
            "(define (domain d) (:predicates (p ?a ?b ?c)) (:action a :parameters (?a ?b ?c) :effect (p ?a ?b ?c)))", $"(define (problem huge) (:objects {objects}))", budget: 100_000));
        Assert.Contains("'huge'", error.Message, StringComparison.Ordinal);
        Assert.Contains("too large", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_ManyObjectsButFewFacts_StaysSmall()
    {
        string objects = string.Join(' ', Enumerable.Range(0, PddlProblem.MaxObjects).Select(i => $"o{i}"));
        var world = PddlTests.World(
            "(define (domain d) (:predicates (p ?a) (q ?a ?b)) (:action a :parameters (?a ?b ?c) :precondition (and (p ?a) (q ?a ?b) (q ?b ?c)) :effect (and (p ?b) (not (p ?a)))))",
            $"(define (problem wide) (:objects {objects}) (:init (p o1) (q o1 o2) (q o2 o3) (q o3 o4)))", budget: 1000);
        Assert.Equal(["(a o1 o2 o3)"], Names(world));
    }

    [Fact]
    public void Apply_ActionsMetBefore_AllocatesNothing()
    {
        var world = PddlTests.World(Adl, AdlProblem);
        var actions = new[] { world.Find("press", "s1")!, world.Find("press", "s2")!, world.Find("lock")! };
        Allocations.AssertNone(() =>
        {
            world.Restore(world.Initial);
            foreach (var action in actions) world.Apply(action);
            _ = world.Executables.Length;
            _ = world.GoalHolds();
        });
    }

    internal static void Check(PlanningWorld world, int steps)
    {
        var random = new RandomStream(11);
        for (int s = 0; s < steps; s++)
        {
            var expected = new List<string>();
            foreach (var action in world.Task.Domain.Actions) Enumerate(world, action, new int[action.Parameters.Length], 0, expected);
            Assert.Equal(expected, Names(world));
            if (world.Executables.Length == 0) return;
            world.Apply(world.Executables[random.NextInt32(world.Executables.Length)]);
        }
    }

    private static void Enumerate(PlanningWorld world, PddlAction action, int[] arguments, int at, List<string> found)
    {
        if (at < arguments.Length)
        {
            foreach (int thing in world.Task.ObjectsOfType(action.Parameters[at].Type))
            {
                arguments[at] = thing;
                Enumerate(world, action, arguments, at + 1, found);
            }
            return;
        }
        // The one action without effect in these domains is going to where one is.
        bool isNoOp = action.Name is "drive" or "gotolocation" && arguments[1] == arguments[2];
        if (!isNoOp && world.HoldsByDefinition(action, arguments)) found.Add(arguments.Length == 0 ? $"({action.Name})" : $"({action.Name} {string.Join(' ', arguments.Select(a => world.Task.ObjectNames[a]))})");
    }

    private static string[] Names(PlanningWorld world) => [.. world.Executables.ToArray().Select(a => a.ToString())];
}
