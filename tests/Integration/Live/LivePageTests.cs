using System.Text.Json;
using EdgeAutonomy.Host;
using EdgeAutonomy.Host.Tests;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>The live page in a real browser. Screenshots lie in artifacts/screenshots.</summary>
public class LivePageTests
{
    private static readonly string Artifacts = Path.Combine(SharedData.RepositoryRoot, "artifacts");

    [SkippableTheory]
    [InlineData(1280, 800, "light")]
    [InlineData(1280, 800, "dark")]
    [InlineData(390, 844, "light")]
    [InlineData(390, 844, "dark")]
    [Trait("Clock", "Real")]
    public async Task Page_ThreeRobots_ShowsThemMoving(int width, int height, string scheme)
    {
        var result = await OpenAsync(width, height, scheme, $"live-{width}-{scheme}", act: false);
        Assert.Equal(3, result.GetProperty("rows").GetInt32());
        Assert.Equal(5, result.GetProperty("latencies").GetInt32());
        Assert.Equal("live", result.GetProperty("link").GetString());
        Assert.All(result.GetProperty("moved").EnumerateArray(), m => Assert.True(m.GetDouble() > 0.1, $"a robot moved {m} m in 20 states"));
        foreach (var canvas in result.GetProperty("pixels").EnumerateObject()) Assert.True(canvas.Value.GetInt32() > 50, $"{canvas.Name} hardly changed: {canvas.Value} bytes");
        Assert.Equal(1, result.GetProperty("boxes").GetInt32());
        Assert.True(result.GetProperty("layoutStable").GetBoolean(), "panels moved while numbers changed");
        Assert.Equal(scheme == "dark" ? "rgb(12, 15, 18)" : "rgb(243, 245, 247)", result.GetProperty("background").GetString());
        Assert.True(result.GetProperty("stopVisible").GetBoolean());
        Assert.False(result.GetProperty("transportVisible").GetBoolean());
        Assert.False(result.GetProperty("clearVisible").GetBoolean());
    }

    [SkippableFact]
    [Trait("Clock", "Real")]
    public async Task Page_WithControl_SelectsStopsAndClears()
    {
        var result = await OpenAsync(1280, 800, "light", "live-control", act: true);
        Assert.Equal("r2", result.GetProperty("selected").GetString());
        Assert.Equal("rgb(12, 15, 18)", result.GetProperty("toggled").GetString());
        Assert.True(result.GetProperty("acted").GetBoolean());
    }

    [SkippableFact]
    [Trait("Clock", "Real")]
    public async Task Page_OneRobotWithoutMap_DrawsItsOdometryPath()
    {
        var result = await OpenAsync(1280, 800, "dark", "live-no-map", act: false, robots: 1, map: false);
        Assert.Equal(1, result.GetProperty("rows").GetInt32());
        Assert.True(result.GetProperty("moved")[0].GetDouble() > 0.1);
        Assert.True(result.GetProperty("pixels").GetProperty("map").GetInt32() > 50);
    }

    [SkippableTheory]
    [InlineData(1280, 800, "light")]
    [InlineData(390, 844, "dark")]
    [Trait("Clock", "Real")]
    public async Task Page_OfARecording_HasATransportBarThatSteersIt(int width, int height, string scheme)
    {
        var playback = new ScriptedPlayback();
        var result = await OpenAsync(width, height, scheme, $"live-playback-{width}", act: false, playback: playback);
        Assert.True(result.GetProperty("transportVisible").GetBoolean());
        Assert.False(result.GetProperty("stopVisible").GetBoolean());
        Assert.Equal("Play", result.GetProperty("paused").GetString());
        Assert.True(result.GetProperty("played").GetBoolean());
        Assert.Equal("speed 5", playback.Orders[0]);
        Assert.Contains("play", playback.Orders);
        Assert.Equal("pause", playback.Orders[^1]);
    }

    private static async Task<JsonElement> OpenAsync(int width, int height, string scheme, string name, bool act, int robots = 3, bool map = true, ScriptedPlayback? playback = null)
    {
        Skip.IfNot(File.Exists("/usr/bin/chromium"), "chromium is not installed (apt-get install chromium).");
        using var loop = new RunningLoop("r1");
        var feed = new ScriptedFeed([loop.Loop], robots: robots, map: map);
        using var ended = new CancellationTokenSource();
        var turning = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            var rung = Rung.Nominal;
            for (int step = 0; !ended.IsCancellationRequested; step++)
            {
                loop.Turn(1);
                while (feed.Inputs.TryDequeue(out var input)) rung = input.Kind == LoopInputKind.EmergencyStop ? Rung.SafeStop : Rung.Nominal;
                if (playback is { Paused: false }) playback.MoveTo(playback.Now >= playback.End ? playback.Start : playback.Now + Duration.FromMilliseconds(50));
                // A recording is shown where it stands, again and again, as one that is paused is not: the test counts states.
                feed.Publish(playback is null ? step : (int)Math.Round(playback.Now.Seconds / 0.05), rung);
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        });
        try
        {
            await using var server = await LiveServer.StartAsync(new LiveOptions { Port = 0, Robot = "rover fleet", AllowControl = act }, feed.Relay, playback: playback is null ? null : new PlaybackControl(playback));
            var result = await NodeTools.RunAsync(
                "page.mjs", server.Address.ToString(), Path.Combine(Artifacts, "screenshots"), $"{width}", $"{height}", scheme, name, playback is not null ? "playback" : act ? "act" : "look");
            Assert.Empty(result.GetProperty("errors").EnumerateArray().Select(e => e.GetString()));
            Assert.Empty(result.GetProperty("foreign").EnumerateArray().Select(e => e.GetString()));
            Assert.True(result.GetProperty("overflow").GetInt32() <= 0, "the page is wider than the window");
            return result;
        }
        finally
        {
            await ended.CancelAsync();
            await turning;
        }
    }
}
