using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>What is read from outside: the sentence of a task, its problem, its file.</summary>
public sealed class AlfWorldParsingTests
{
    [Fact]
    public void Parse_Sentences_GiveKindAndTypes()
    {
        (string, AlfWorldGoal)[] cases =
        [
            ("put a hot apple in fridge.", new(AlfWorldGoalKind.Heat, "apple", "fridge")),
            ("cool some pan and put it in countertop.", new(AlfWorldGoalKind.Cool, "pan", "countertop")),
            ("find two pen and put them in drawer.", new(AlfWorldGoalKind.Two, "pen", "drawer")),
            ("put some mug on shelf.", new(AlfWorldGoalKind.Simple, "mug", "shelf")),
            ("look at book under the desklamp.", new(AlfWorldGoalKind.Look, "book", "desklamp")),
        ];
        foreach (var (sentence, goal) in cases) Assert.Equal(goal, AlfWorldGoal.Parse(sentence));
        foreach (string wrong in (string[])["", "put a hot apple in fridge", "put a hot red apple in fridge.", "PUT A MUG IN SHELF.", "put a mug in shelf.\n"]) Assert.Throws<FormatException>(() => AlfWorldGoal.Parse(wrong));
    }

    [SkippableFact]
    public void Parse_MutatedProblem_GivesAGameOrAPddlException()
    {
        var games = AlfWorldData.Require("valid_unseen");
        using var json = JsonDocument.Parse(File.ReadAllBytes(games.PathOf(0)));
        string problem = json.RootElement.GetProperty("pddl_problem").GetString()!;
        var domain = games.Load(0).Planning.Domain;
        var random = new RandomStream(8);
        int errors = 0;
        for (int i = 0; i < 150; i++)
        {
            try
            {
                _ = new PlanningWorld(new PlanningTask(domain, PddlProblem.Parse(PddlTests.Mutate(problem, random), domain)));
            }
            catch (PddlException)
            {
                errors++;
            }
        }
        Assert.InRange(errors, 30, 149);
    }

    [Fact]
    public void Parse_NoGame_SaysWhatIsMissing()
    {
        Assert.Contains("one JSON object", Assert.Throws<InvalidDataException>(() => AlfWorldTask.Parse("{"u8.ToArray(), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("'pddl_domain'", Assert.Throws<InvalidDataException>(() => AlfWorldTask.Parse("{}"u8.ToArray(), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("'pddl_domain'", Assert.Throws<InvalidDataException>(() => AlfWorldTask.Parse("[1]"u8.ToArray(), "x")).Message, StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => new AlfWorldGames("/nowhere/at/all"));
    }
}
