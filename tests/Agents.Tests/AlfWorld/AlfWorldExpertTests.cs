using Xunit.Abstractions;

namespace EdgeAutonomy.Agents.Tests;

public sealed class AlfWorldExpertTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("valid_unseen", 40, 0.5)]
    [InlineData("valid_unseen", 50, 0.5)]
    [InlineData("valid_seen", 40, 0.5)]
    [InlineData("valid_seen", 50, 0.5)]
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
}
