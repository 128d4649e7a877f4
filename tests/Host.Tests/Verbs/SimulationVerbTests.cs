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
        var whole = new SimulatedFleet(new SimulatedFleetOptions { Robots = 2 }, 3);
        whole.RunUntil(Runtime.Stamp.FromSeconds(1));
        var sliced = new SimulatedFleet(new SimulatedFleetOptions { Robots = 2 }, 3);
        for (int i = 1; i <= 20; i++) sliced.RunUntil(Runtime.Stamp.FromSeconds(i * 0.05));
        Assert.Equal(whole.StateHash, sliced.StateHash);
    }

    [Theory]
    [InlineData("fixed:1", 1001)] // one cycle at 0 and one each millisecond of a second
    [InlineData("fixed:32", 32)]
    public void Demo_FixedPacer_RunsThatPeriod(string pacer, int cycles)
    {
        using var json = Json("demo", "--headless", "--seconds", "1", "--scenario", "empty", "--pacer", pacer, "--json");
        // Safety may shorten a period, never lengthen it.
        Assert.InRange(json.RootElement.GetProperty("cycles").GetInt64(), cycles, pacer == "fixed:1" ? cycles : 1001);
    }

    [Fact]
    public void Demo_Picture_IsAnSvgWithTheRobot()
    {
        string file = Path.Combine(Path.GetTempPath(), $"edge-{Environment.ProcessId}.svg");
        using var json = Json("demo", "--headless", "--seconds", "1", "--picture", file, "--json");
        var svg = System.Xml.Linq.XDocument.Load(file);
        File.Delete(file);
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "circle");
    }

    [Fact]
    public void Demo_NoRange_IsAnotherRun()
    {
        using var with = Json("demo", "--headless", "--seconds", "1", "--json");
        using var without = Json("demo", "--headless", "--seconds", "1", "--no-range", "--json");
        Assert.NotEqual(with.RootElement.GetProperty("stateHash").GetString(), without.RootElement.GetProperty("stateHash").GetString());
    }

    [Theory]
    [InlineData("--pacer", "fixed:3", "--pacer is 'fixed:3'; must be event-rate, error-controlled, learned or fixed:MS with MS one of 1, 2, 4, 8, 16, 32.")]
    [InlineData("--pacer", "quick", "--pacer is 'quick'; must be")]
    [InlineData("--scenario", "corrido", "--scenario is 'corrido'; must be one of default, corridor, crowd, empty, gate, or a file that exists. Did you mean 'corridor'?")]
    public void Demo_UnknownChoice_SaysWhatThereIs(string option, string value, string expected)
    {
        var (code, _, error) = EdgeProgramTests.Run("demo", "--headless", "--seconds", "1", option, value);
        Assert.Equal(64, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sim_ScenarioFile_IsUsedAndItsErrorsAreListed()
    {
        string good = Path.Combine(EdgeAutonomy.Tests.SharedData.RepositoryRoot, "scenarios", "two-rooms.json");
        using var json = Json("sim", "--episodes", "1", "--seconds", "1", "--scenario", good, "--json");
        Assert.True(json.RootElement.GetProperty("cycles").GetInt64() > 10);

        string bad = Path.Combine(Path.GetTempPath(), $"scenario-{Environment.ProcessId}.json");
        File.WriteAllText(bad, """{ "base": "default", "wallHeight": 99, "goalSeconds": -1, "colour": 3 }""");
        var (code, _, error) = EdgeProgramTests.Run("sim", "--scenario", bad);
        File.Delete(bad);
        Assert.Equal(78, code);
        foreach (string key in (string[])["wallHeight", "goalSeconds", "colour"]) Assert.Contains(key, error, StringComparison.Ordinal);
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
        Assert.StartsWith("edge: --scenario is 'coridor'; must be one of default, corridor, crowd, empty, gate, or a file that exists. Did you mean 'corridor'?", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_Loop_GivesFiguresWithTheMachine()
    {
        using var json = Json("bench", "loop", "--seconds", "0.1", "--json");
        Assert.Equal("loop", json.RootElement.GetProperty("name").GetString());
        Assert.NotEmpty(json.RootElement.GetProperty("machine").GetProperty("cpu").GetString()!);
        // Nothing is allocated; but a collection that other tests cause takes the rest of this thread's buffer of 8 KiB away and counts it as allocated, once.
        var figures = json.RootElement.GetProperty("figures").EnumerateArray().ToArray();
        Assert.Contains(Enumerable.Range(0, figures.Length), i =>
        {
            if (figures[i].GetProperty("unit").GetString() != "bytes/cycle") return false;
            int collections = int.Parse(figures[i - 1].GetProperty("note").GetString()!.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            return figures[i].GetProperty("value").GetDouble() * 50_000 <= (collections == 0 ? 0 : 16_384);
        });
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run(arguments);
        Assert.True(code == 0, error);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return JsonDocument.Parse(output);
    }
}
