namespace EdgeAutonomy.Agents.Tests;

public sealed class PlanningSearchTests
{
    private const string Line = """
        (define (domain line) (:types p)
          (:predicates (at ?p - p) (next ?a ?b - p))
          (:functions (length ?a ?b))
          (:action go :parameters (?a ?b - p) :precondition (and (at ?a) (next ?a ?b)) :effect (and (not (at ?a)) (at ?b) (increase (total-cost) (length ?a ?b)))))
        """;

    private const string Triangle = """
        (define (problem t) (:objects a b c d - p)
          (:init (at a) (next a b) (next b c) (next a c) (= (length a b) 1) (= (length b c) 1) (= (length a c) 5)) (:goal (at c)))
        """;

    [Fact]
    public void Solve_UnitCosts_FindsTheFewestActions()
    {
        var world = PddlTests.World(Line, Triangle);
        var result = PlanningSearch.Solve(world);
        Assert.Equal((PlanningOutcome.Found, 1.0), (result.Outcome, result.Cost));
        Assert.Equal(world.Initial.Hash, world.StateHash);
    }

    [Fact]
    public void Solve_OwnCosts_FindsTheCheapestAndTheEstimateSavesWork()
    {
        var world = PddlTests.World(Line, Triangle);
        var result = PlanningSearch.Solve(world, unitCosts: false);
        Assert.Equal(["(go a b)", "(go b c)"], result.Actions.Select(a => a.ToString()));
        Assert.Equal(2, result.Cost);
        var guided = PlanningSearch.Solve(world, unitCosts: false, estimate: w => w.Holds("at", "a") ? 2 : w.Holds("at", "b") ? 1 : 0);
        Assert.Equal(2, guided.Cost);
        Assert.True(guided.Expanded <= result.Expanded);
    }

    [Fact]
    public void Solve_Unsolvable_SaysSo()
    {
        var world = PddlTests.World(Line, Triangle.Replace("(:goal (at c))", "(:goal (at d))", StringComparison.Ordinal));
        Assert.Equal(PlanningOutcome.Unsolvable, PlanningSearch.Solve(world).Outcome);
        Assert.Equal(PlanningOutcome.LimitReached, PlanningSearch.Solve(world, limit: 1).Outcome);
    }
}
