using EdgeAutonomy.Host;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>The live page over what it is for: simulated robots that really run, through recorder, views and endpoint, in a real browser.</summary>
public class DemoPageTests
{
    [SkippableTheory]
    [InlineData(1280, 860, "dark")]
    [InlineData(390, 844, "light")]
    [Trait("Clock", "Real")]
    public async Task Page_OfARunningFleet_ShowsItsRobotsMoving(int width, int height, string scheme)
    {
        Skip.IfNot(File.Exists("/usr/bin/chromium"), "chromium is not installed (apt-get install chromium).");
        using var run = new FleetRun(
            new SimulatedFleetOptions { Robots = 2 }, seed: 1, "demo", file: null, new LiveOptions { Port = 0, Robot = "demo", AllowControl = true }, new Terminal(TextWriter.Null, TextWriter.Null));
        using var ended = new CancellationTokenSource();
        var driving = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (int step = 1; !ended.IsCancellationRequested; step++)
            {
                run.RunUntil(Stamp.FromSeconds(step * 0.05));
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        });
        try
        {
            string screenshots = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots");
            var result = await NodeTools.RunAsync("page.mjs", run.View!.Address.ToString(), screenshots, $"{width}", $"{height}", scheme, $"demo-{width}-{scheme}", "look");
            Assert.Empty(result.GetProperty("errors").EnumerateArray().Select(e => e.GetString()));
            Assert.Empty(result.GetProperty("foreign").EnumerateArray().Select(e => e.GetString()));
            Assert.Equal(2, result.GetProperty("rows").GetInt32());
            Assert.All(result.GetProperty("moved").EnumerateArray(), m => Assert.True(m.GetDouble() > 0.05, $"a robot moved {m} m in 20 states"));
            foreach (var canvas in result.GetProperty("pixels").EnumerateObject()) Assert.True(canvas.Value.GetInt32() > 50, $"{canvas.Name} hardly changed: {canvas.Value} bytes");
            Assert.True(result.GetProperty("overflow").GetInt32() <= 0, "the page is wider than the window");
        }
        finally
        {
            await ended.CancelAsync();
            await driving;
        }
    }

    [SkippableTheory]
    [InlineData(1280, 800, "dark")]
    [InlineData(390, 844, "light")]
    [Trait("Clock", "Real")]
    public async Task Page_OfAMission_ShowsInstructionStepCommandAndVerdict(int width, int height, string scheme)
    {
        Skip.IfNot(File.Exists("/usr/bin/chromium"), "chromium is not installed (apt-get install chromium).");
        var options = new MissionOptions();
        using var run = new FleetRun(
            new SimulatedFleetOptions { Site = options.Site(1) }, seed: 1, "demo", file: null, new LiveOptions { Port = 0, Robot = "demo", AllowControl = true }, new Terminal(TextWriter.Null, TextWriter.Null));
        using var missions = new MissionRun(run, options, 1);
        using var ended = new CancellationTokenSource();
        var driving = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (int step = 1; !ended.IsCancellationRequested; step++)
            {
                missions.RunUntil(Stamp.FromSeconds(step * 0.05));
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        });
        try
        {
            string screenshots = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots");
            var result = await NodeTools.RunAsync("page.mjs", run.View!.Address.ToString(), screenshots, $"{width}", $"{height}", scheme, $"mission-{width}-{scheme}", "look");
            Assert.Empty(result.GetProperty("errors").EnumerateArray().Select(e => e.GetString()));
            Assert.True(result.GetProperty("overflow").GetInt32() <= 0, "the page is wider than the window");
            Assert.True(result.GetProperty("layoutStable").GetBoolean(), "panels moved while texts changed");
            var agent = result.GetProperty("agent");
            Assert.StartsWith("mixed-a40-", agent.GetProperty("mission").GetString(), StringComparison.Ordinal);
            Assert.EndsWith("then dock and report.", agent.GetProperty("task").GetString(), StringComparison.Ordinal);
            Assert.Matches("^step [0-9]+ of 40$", agent.GetProperty("step").GetString());
            Assert.Equal(("approved", "planner"), (agent.GetProperty("verdict").GetString(), agent.GetProperty("source").GetString()));
            Assert.NotEmpty(agent.GetProperty("command").GetString()!);
        }
        finally
        {
            await ended.CancelAsync();
            await driving;
        }
    }
}
