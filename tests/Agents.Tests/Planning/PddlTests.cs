using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class PddlTests
{
    private const string Domain = """
        (define (domain boxes) ; a comment with ( a parenthesis
          (:types box place)
          (:predicates (in ?b - box ?p - place) (full ?p - place) (mark ?b - box))
          (:action Move :parameters (?b - box ?from ?to - place)
            :precondition (and (in ?b ?from) (not (= ?from ?to)) (not (full ?to)))
            :effect (and (not (in ?b ?from)) (in ?b ?to))))
        """;

    private const string Problem = "(define (problem p) (:domain BOXES) (:objects B1 b2 - box x y - place) (:init (in b1 X) (IN b1 x) (in b2 y)) (:goal (in b1 y)))";

    [Theory]
    [InlineData("", 1, 1, "empty")]
    [InlineData("word", 1, 1, "expected '('")]
    [InlineData("(define (domain d)\n  (:predicates (p ?x))", 1, 1, "never closed")]
    [InlineData("(define (domain d)))", 1, 20, "unexpected ')'")]
    [InlineData("(define (domain d)) x", 1, 21, "after the end")]
    [InlineData("(define (domain d)\n (:durative-action a))", 2, 2, "':durative-action' is not supported")]
    [InlineData("(define (domain d)\n (:types a - b b - c c - a))", 2, 10, "own ancestor")]
    [InlineData("(define (domain d)\n (:types a - a))", 2, 10, "own ancestor")]
    [InlineData("(define (domain d)\n (:types a -))", 2, 12, "missing after '-'")]
    [InlineData("(define (domain d)\n (:types a - (either b c)))", 2, 14, "either")]
    [InlineData("(define (domain d)\n (:predicates (p ?x - t)))", 2, 23, "type 't' is not declared")]
    [InlineData("(define (domain d) (:predicates (p ?x))\n (:action a :parameters (?x) :precondition (q ?x)))", 2, 45, "predicate 'q' is not declared")]
    [InlineData("(define (domain d) (:predicates (p ?x))\n (:action a :parameters (?x) :precondition (p ?x ?x)))", 2, 44, "has 2 arguments here, 1")]
    [InlineData("(define (domain d) (:predicates (p ?x))\n (:action a :parameters (?x) :effect (p ?y)))", 2, 41, "variable '?y' is not declared")]
    [InlineData("(define (domain d) (:predicates (p ?x))\n (:action a :parameters (?x) :effect))", 2, 30, "has no value")]
    [InlineData("(define (domain d) (:predicates (p ?x))\n (:action a :parameters (?x) :precondition (> 1 2)))", 2, 44, "numeric conditions")]
    [InlineData("(define (domain d) (:predicates (p ?x))\n (:action a :parameters (?x ?x) :effect ()))", 2, 25, "occurs twice")]
    [InlineData("(define (domain d)\n (()))", 2, 2, "expected a section")]
    public void Parse_MalformedDomain_SaysWhatAndWhere(string text, int line, int column, string message)
    {
        var error = Assert.Throws<PddlException>(() => PddlDomain.Parse(text, "d.pddl"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
        Assert.StartsWith($"d.pddl:{line}:{column}: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(define (problem p) (:domain other))", "belongs to domain 'other'")]
    [InlineData("(define (problem p) (:objects a - thing))", "type 'thing' is not declared")]
    [InlineData("(define (problem p) (:objects a - box a - place))", "of type 'box' and of type 'place'")]
    [InlineData("(define (problem p) (:init (in b1)))", "has 1 arguments")]
    [InlineData("(define (problem p) (:init (in b1 x)))", "object 'b1' is not declared")]
    [InlineData("(define (problem p) (:goal (mark b9)))", "object 'b9' of the goal")]
    [InlineData("(define (problem p) (:init (= (f) many)))", "'many' is not a number")]
    public void Parse_MalformedProblem_SaysWhat(string text, string message)
    {
        var domain = PddlDomain.Parse(Domain);
        var error = Assert.Throws<PddlException>(() => PddlProblem.Parse(text, domain));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.True(error.Line > 0);
    }

    [Fact]
    public void Parse_DeepNesting_IsAnErrorAndNoStackOverflow()
    {
        string text = "(define (domain d) (:predicates (p)) (:action a :precondition " + string.Concat(Enumerable.Repeat("(not ", 100_000)) + "(p)" + new string(')', 100_002);
        Assert.Contains("nested deeper than 256", Assert.Throws<PddlException>(() => PddlDomain.Parse(text)).Message, StringComparison.Ordinal);
        Assert.Contains("limit is", Assert.Throws<PddlException>(() => PddlDomain.Parse(new string('(', PddlReader.MaxLength + 1))).Message, StringComparison.Ordinal);
        Assert.Contains("more than", Assert.Throws<PddlException>(() => PddlDomain.Parse("(" + string.Concat(Enumerable.Repeat("()", PddlReader.MaxNodes)) + ")")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_CommasInVariableLists_AreWhiteSpace()
    {
        // As in ALFWorld's domain: a type "location," would make the quantifier empty and the condition false for ever.
        const string Text = """
            (define (domain d) (:types location receptacle)
              (:predicates (here ?l - location) (at ?r - receptacle ?l - location) (seen))
              (:action look :precondition (exists (?l - location, ?r - receptacle) (and (here ?l) (at ?r ?l))) :effect (seen)))
            """;
        var world = World(Text, "(define (problem p) (:objects l - location, r - receptacle) (:init (here l) (at r l)) (:goal (seen)))");
        Assert.True(world.Apply(world.Find("look")!));
        Assert.True(world.GoalHolds());
    }

    [Fact]
    public void Parse_ObjectAsDeclaredType_IsATypeOfItsOwn()
    {
        const string Text = "(define (domain d) (:types object receptacle) (:predicates (p ?x)) (:action a :parameters (?o - object) :effect (p ?o)))";
        var world = World(Text, "(define (problem p) (:objects o - object r - receptacle) (:init))");
        Assert.Equal(["(a o)"], world.Executables.ToArray().Select(a => a.ToString()));
        // Not declared, it is the root of everything.
        world = World(Text.Replace("(:types object receptacle)", "(:types receptacle)", StringComparison.Ordinal), "(define (problem p) (:objects o - object r - receptacle) (:init))");
        Assert.Equal(["(a o)", "(a r)"], world.Executables.ToArray().Select(a => a.ToString()));
    }

    [Fact]
    public void Parse_SubTypes_FitTheirParents()
    {
        const string Text = "(define (domain d) (:types car bus - vehicle vehicle - object stone) (:predicates (p ?x)) (:action a :parameters (?o - vehicle) :effect (p ?o)))";
        var world = World(Text, "(define (problem p) (:objects c - car b - bus v - vehicle s - stone) (:init))");
        Assert.Equal(["(a c)", "(a b)", "(a v)"], world.Executables.ToArray().Select(a => a.ToString()));
        Assert.Equal("'s' is not a vehicle", world.Explain("a", "s")!.ToString());
    }

    [Fact]
    public void Parse_AnyMutation_GivesAWorldOrAPddlException()
    {
        var random = new RandomStream(5);
        var options = new MissionWorldOptions(MissionWorldSize.Large, true);
        string problem = MissionGenerator.Generate(1, MissionFamily.Mixed, options).Problem;
        int errors = 0;
        for (int i = 0; i < 600; i++)
        {
            bool breakDomain = i % 2 == 0;
            string domainText = breakDomain ? Mutate(MissionWorldDomain.Text, random) : MissionWorldDomain.Text, problemText = breakDomain ? problem : Mutate(problem, random);
            try
            {
                var domain = PddlDomain.Parse(domainText);
                var world = new PlanningWorld(new PlanningTask(domain, PddlProblem.Parse(problemText, domain)), budget: 300_000);
                foreach (var action in world.Executables.ToArray()[..Math.Min(3, world.Executables.Length)]) world.Apply(action);
            }
            catch (PddlException)
            {
                errors++;
            }
        }
        Assert.InRange(errors, 200, 599);
    }

    internal static string Mutate(string text, RandomStream random)
    {
        var chars = text.ToCharArray().ToList();
        switch (random.NextInt32(4))
        {
            case 0: return text[..random.NextInt32(text.Length)];
            case 1:
                int from = random.NextInt32(text.Length), length = Math.Min(random.NextInt32(40), text.Length - from);
                chars.RemoveRange(from, length);
                break;
            case 2:
                for (int k = 0; k < 3; k++) chars[random.NextInt32(chars.Count)] = "()?- ;,ax\n"[random.NextInt32(10)];
                break;
            default:
                int start = random.NextInt32(text.Length), count = Math.Min(random.NextInt32(60), text.Length - start);
                chars.InsertRange(random.NextInt32(chars.Count), chars.GetRange(start, count));
                break;
        }
        return new string([.. chars]);
    }

    internal static PlanningWorld World(string domainText, string problemText, bool dropNoOps = true, long budget = PlanningWorld.DefaultBudget)
    {
        var domain = PddlDomain.Parse(domainText);
        return new PlanningWorld(new PlanningTask(domain, PddlProblem.Parse(problemText, domain)), dropNoOps, budget);
    }

    internal static PlanningWorld Boxes() => World(Domain, Problem);
}
