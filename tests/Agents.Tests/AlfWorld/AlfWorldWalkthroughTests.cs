using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests;

public sealed class AlfWorldWalkthroughTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("valid_seen", 140, "13/35/27/16/25/24")]
    [InlineData("valid_unseen", 134, "18/24/31/23/21/17")]
    public void Step_Walkthroughs_ReachGoalWithTheLastCommandOnly(string split, int count, string kinds)
    {
        var games = AlfWorldData.Require(split);
        Assert.Equal(count, games.Count);
        Replay(games, kinds);
    }

    [SkippableFact]
    [Trait("Category", "Train")]
    public void Step_TrainWalkthroughs_ReachGoalWithTheLastCommandOnly() => Replay(AlfWorldData.RequireTrain(), "308/790/650/459/533/813");

    private void Replay(AlfWorldGames games, string kinds)
    {
        int refused = 0, early = 0, reached = 0, shortest = int.MaxValue, longest = 0;
        var counts = new int[6];
        ulong grammar = 0;
        for (int i = 0; i < games.Count; i++)
        {
            var task = AlfWorldTask.Load(games.PathOf(i));
            var game = new AlfWorldGame(task);
            if (i == 0) grammar = task.GrammarHash;
            Assert.Equal(grammar, task.GrammarHash);
            Assert.False(game.GoalHolds);
            AssertGoalAgrees(task);
            counts[Array.IndexOf(Order, AlfWorldGoal.Parse(task.Instruction).Kind)]++;
            shortest = Math.Min(shortest, task.Walkthrough.Count);
            longest = Math.Max(longest, task.Walkthrough.Count);
            for (int c = 0; c < task.Walkthrough.Count; c++)
            {
                Assert.Null(game.Explain(task.Walkthrough[c]));
                var step = game.Step(task.Walkthrough[c]);
                if (!step.Grounded) refused++;
                if (step.Succeeded && c < task.Walkthrough.Count - 1) early++;
                if (step.Succeeded) break;
            }
            if (game.GoalHolds) reached++;
        }
        output.WriteLine($"{games.Name}: {reached} of {games.Count} reached, {refused} refused, {early} early, lengths {shortest} … {longest}");
        Assert.Equal((games.Count, 0, 0), (reached, refused, early));
        Assert.Equal(kinds, string.Join('/', counts));
        Assert.Equal(3, shortest);
        Assert.InRange(longest, 9, 10);
    }

    private static readonly AlfWorldGoalKind[] Order =
        [AlfWorldGoalKind.Look, AlfWorldGoalKind.Simple, AlfWorldGoalKind.Clean, AlfWorldGoalKind.Heat, AlfWorldGoalKind.Cool, AlfWorldGoalKind.Two];

    /// <summary>The sentence's two words are the two kinds in the PDDL goal, and exactly one template fits.</summary>
    private static void AssertGoalAgrees(AlfWorldTask task)
    {
        Assert.Equal(1, AlfWorldGoal.CountMatches(task.Instruction));
        var goal = AlfWorldGoal.Parse(task.Instruction);
        var named = task.Planning.Problem.GoalConstants.Select(o => task.Planning.ObjectNames[o]).Order(StringComparer.Ordinal);
        Assert.Equal(new[] { goal.ObjectType + "type", goal.TargetType + "type" }.Order(StringComparer.Ordinal), named);
    }
}
