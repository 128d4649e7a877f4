using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests;

public sealed class AlfWorldExpertTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("valid_unseen", 40, 0.99)]
    [InlineData("valid_unseen", 50, 0.99)]
    [InlineData("valid_seen", 40, 0.99)]
    [InlineData("valid_seen", 50, 0.99)]
    public void Expert_ValidationGames_SolvesItsShare(string split, int limit, double least)
    {
        var games = AlfWorldData.Require(split, new AlfWorldOptions(limit));
        int solved = 0, steps = 0, refused = 0, lost = 0;
        double candidates = 0, executable = 0;
        var failures = new List<string>();
        for (int i = 0; i < games.Count; i++)
        {
            var game = (AlfWorldGame)games.Start(i);
            bool success = false;
            while (!game.IsOver)
            {
                int choice = game.Expert();
                if (choice < 0) lost++;
                candidates += game.Candidates.Count;
                executable += game.Executables().Count;
                var step = game.Step(choice < 0 ? "look" : game.Candidates[choice].Text);
                if (!step.Grounded) refused++;
                success |= step.Succeeded;
            }
            steps += game.Steps;
            if (success) solved++;
            else failures.Add($"{game.Name}: {game.Instruction}");
        }
        output.WriteLine($"{split} within {limit}: {solved} of {games.Count} ({100.0 * solved / games.Count:F1} %), mean {(double)steps / games.Count:F1} steps, "
            + $"{100.0 * refused / steps:F1} % refused, at a loss {lost}, candidates {candidates / steps:F1}, executable {executable / steps:F1}");
        foreach (string failure in failures) output.WriteLine(failure);
        Assert.InRange((double)solved / games.Count, least, 1);
    }

    [SkippableFact]
    public void Choose_WithoutPrior_NeedsMoreSteps()
    {
        // Control: what the expert knows beforehand is worth something, and its success does not come from elsewhere.
        var games = AlfWorldData.Require("valid_unseen");
        int Total(AlfWorldPrior prior)
        {
            var expert = new AlfWorldExpert(prior);
            int steps = 0;
            for (int i = 0; i < games.Count; i++)
            {
                var game = (AlfWorldGame)games.Start(i);
                while (!game.IsOver) game.Step(expert.Choose(game.Belief)?.Text ?? "look");
                steps += game.Steps;
            }
            return steps;
        }
        int with = Total(AlfWorldPrior.Shipped), without = Total(AlfWorldPrior.Count([]));
        output.WriteLine($"mean steps with the prior {(double)with / games.Count:F2}, without {(double)without / games.Count:F2}, walkthroughs {Enumerable.Range(0, games.Count).Average(i => games.Load(i).Walkthrough.Count):F2}");
        Assert.True(without > with * 5 / 4);
    }
}
