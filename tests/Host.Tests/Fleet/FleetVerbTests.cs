using System.Text.Json;

namespace EdgeAutonomy.Host.Tests;

public sealed class FleetVerbTests
{
    [Fact]
    public void Demo_WithTasks_DoesThemAllTheSameWayTwice()
    {
        JsonElement first = Demo("--robots", "3", "--tasks", "6", "--seed", "5", "--seconds", "120"), second = Demo("--robots", "3", "--tasks", "6", "--seed", "5", "--seconds", "120");
        Assert.Matches("^[0-9a-f]{16}$", first.GetProperty("stateHash").GetString());
        Assert.Equal(first.GetProperty("stateHash").GetString(), second.GetProperty("stateHash").GetString());
        var fleet = first.GetProperty("fleet");
        Assert.Equal((6, 6, 0), (fleet.GetProperty("tasks").GetInt32(), fleet.GetProperty("tasksDone").GetInt32(), fleet.GetProperty("doneTwice").GetInt32()));
        Assert.Equal(fleet.GetProperty("perTask").GetRawText(), second.GetProperty("fleet").GetProperty("perTask").GetRawText());
        Assert.Equal(0, first.GetProperty("collisions").GetInt32());
        // Nothing is done faster than the bound, and nobody waits for ever.
        Assert.True(fleet.GetProperty("makespan").GetDouble() < 120);
    }

    [Fact]
    public void Demo_WithoutTasks_Roams()
    {
        var run = Demo("--robots", "3", "--tasks", "0", "--seed", "5", "--seconds", "4");
        Assert.False(run.TryGetProperty("fleet", out var fleet) && fleet.ValueKind == JsonValueKind.Object);
        Assert.Equal(4, run.GetProperty("simSeconds").GetDouble());
        Assert.True(run.GetProperty("cycles").GetInt64() > 100);
    }

    [Theory]
    [InlineData("--robots is 0", "fleet", "--robots", "0")]
    [InlineData("--tasks is 0", "fleet", "--tasks", "0")]
    [InlineData("--tasks is 201", "fleet", "--tasks", "201")]
    [InlineData("--drill kills the broker", "fleet", "--drill", "--broker", "mqtt://127.0.0.1:1")]
    [InlineData("--robots is 2 with --drill", "fleet", "--drill", "--robots", "2")]
    [InlineData("--tasks is 9 with --drill", "fleet", "--drill", "--tasks", "9")]
    [InlineData("--broker is 'nowhere'", "fleet", "--broker", "nowhere")]
    [InlineData("--broker is 'http://a'", "fleet", "--broker", "http://a")]
    [InlineData("--seconds is 0", "fleet", "--seconds", "0")]
    [InlineData("--tasks is 201", "demo", "--headless", "--robots", "2", "--tasks", "201")]
    [InlineData("--tasks is -1", "demo", "--headless", "--robots", "2", "--tasks", "-1")]
    [InlineData("--tasks is 3 with one robot", "demo", "--headless", "--tasks", "3")]
    public void Usage_Wrong_Is64WithTheRule(string expected, params string[] arguments)
    {
        var (code, _, error) = EdgeProgramTests.Run(arguments);
        Assert.Equal(64, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private static JsonElement Demo(params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run(["demo", "--headless", "--json", .. arguments]);
        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }
}
