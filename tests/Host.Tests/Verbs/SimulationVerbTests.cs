using System.Text.Json;

namespace EdgeAutonomy.Host.Tests;

public class SimulationVerbTests
{
    [Fact]
    public void Demo_SameSeed_GivesTheSameHashAndEveryPromisedKey()
    {
        using var first = Json("demo", "--headless", "--seconds", "2", "--robots", "2", "--seed", "5", "--json");
        using var second = Json("demo", "--headless", "--seconds", "2", "--robots", "2", "--seed", "5", "--json");
        using var other = Json("demo", "--headless", "--seconds", "2", "--robots", "2", "--seed", "6", "--json");
        string hash = first.RootElement.GetProperty("stateHash").GetString()!;
        Assert.Matches("^[0-9a-f]{16}$", hash);
        Assert.Equal(hash, second.RootElement.GetProperty("stateHash").GetString());
        Assert.NotEqual(hash, other.RootElement.GetProperty("stateHash").GetString());
        foreach (string key in (string[])["seed", "robots", "simSeconds", "wallSeconds", "cycles", "goalsReached", "collisions", "missionsDone", "latencyUs", "allocatedBytesPerCycle", "energyJoules"])
            Assert.True(first.RootElement.TryGetProperty(key, out _), key);
        Assert.Equal(2, first.RootElement.GetProperty("simSeconds").GetDouble());
        Assert.Equal(2, first.RootElement.GetProperty("perRobot").GetArrayLength());
        Assert.True(first.RootElement.GetProperty("cycles").GetInt64() > 100);
        Assert.True(first.RootElement.GetProperty("energyJoules").GetDouble() > 0);
    }

    [Fact]
    public void Demo_CutIntoOtherSlices_GivesTheSameHash()
    {
        var whole = SimulatedFleet.Create(null, 3, 2);
        whole.RunUntil(Runtime.Stamp.FromSeconds(1));
        var sliced = SimulatedFleet.Create(null, 3, 2);
        for (int i = 1; i <= 20; i++) sliced.RunUntil(Runtime.Stamp.FromSeconds(i * 0.05));
        Assert.Equal(whole.StateHash, sliced.StateHash);
    }

    [Fact]
    public void Sim_Episodes_AreCountedWithIntervals()
    {
        using var json = Json("sim", "--episodes", "2", "--seconds", "1", "--seed", "9", "--scenario", "empty", "--json");
        var root = json.RootElement;
        Assert.Equal(2, root.GetProperty("episodes").GetInt32());
        Assert.Equal(2, root.GetProperty("simSeconds").GetDouble());
        foreach (string key in (string[])["successRate", "collisionRate"])
        {
            var rate = root.GetProperty(key);
            Assert.Equal(2, rate.GetProperty("n").GetInt64());
            Assert.True(rate.GetProperty("low").GetDouble() <= rate.GetProperty("value").GetDouble());
            Assert.True(rate.GetProperty("high").GetDouble() >= rate.GetProperty("value").GetDouble());
        }
    }

    [Fact]
    public void Demo_ForAPerson_ShowsARowPerRobotAndTheHash()
    {
        var (code, output, _) = EdgeProgramTests.Run("demo", "--headless", "--seconds", "1", "--robots", "2");
        Assert.Equal(0, code);
        Assert.Contains("rover1", output, StringComparison.Ordinal);
        Assert.Contains("rover2", output, StringComparison.Ordinal);
        Assert.Contains("state hash ", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("sim")]
    public void Run_UnknownScenario_Is64WithAHint(string verb)
    {
        var (code, _, error) = EdgeProgramTests.Run(verb, "--scenario", "coridor");
        Assert.Equal(64, code);
        Assert.StartsWith("edge: --scenario is 'coridor'; must be one of default, corridor, crowd, empty. Did you mean 'corridor'?", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_Loop_GivesFiguresWithTheMachine()
    {
        using var json = Json("bench", "loop", "--seconds", "0.1", "--json");
        Assert.Equal("loop", json.RootElement.GetProperty("name").GetString());
        Assert.NotEmpty(json.RootElement.GetProperty("machine").GetProperty("cpu").GetString()!);
        Assert.Contains(json.RootElement.GetProperty("figures").EnumerateArray(), f => f.GetProperty("unit").GetString() == "bytes/cycle" && f.GetProperty("value").GetDouble() == 0);
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run(arguments);
        Assert.True(code == 0, error);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return JsonDocument.Parse(output);
    }
}
