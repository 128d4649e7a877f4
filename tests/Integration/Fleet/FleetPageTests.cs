using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Integration;

/// <summary>The live page of <c>edge fleet</c> in a real browser. Screenshots lie in artifacts/screenshots.</summary>
[Trait("Clock", "Real")]
public sealed partial class FleetPageTests
{
    [SkippableFact]
    public async Task Page_OfAFleet_ShowsRobotsThatMoveAndTheirTasks()
    {
        var result = await OpenAsync(["--robots", "4", "--tasks", "40"], 1280, 860, "dark", "fleet-1280-dark");
        Assert.Equal(4, result.GetProperty("robots").GetArrayLength());
        Assert.StartsWith("rover1", result.GetProperty("robots")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(40, result.GetProperty("tasks").GetInt32());
        Assert.Equal("live", result.GetProperty("link").GetString());
        Assert.False(result.GetProperty("stopVisible").GetBoolean());
        Assert.Equal(["tasks", "map"], result.GetProperty("panels").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal("nothing is wrong", result.GetProperty("note").GetString());
    }

    [SkippableFact]
    public async Task Page_OfADrill_SaysWhatIsWrongNow()
    {
        var result = await OpenAsync(["--robots", "3", "--tasks", "30", "--drill"], 390, 844, "light", "fleet-390-drill", "drill");
        Assert.Matches("Drill: (rover[1-3] (killed|frozen|cut off) at work|broker killed)", result.GetProperty("note").GetString());
        Assert.Equal(3, result.GetProperty("robots").GetArrayLength());
    }

    private static async Task<JsonElement> OpenAsync(string[] fleet, int width, int height, string scheme, string name, string? drill = null)
    {
        Skip.IfNot(File.Exists("/usr/bin/chromium"), "chromium is not installed (apt-get install chromium).");
        Skip.If(MosquittoLink.Unavailable is not null, MosquittoLink.Unavailable);
        MosquittoBroker.Require();
        using var edge = new EdgeProcess(["fleet", .. fleet, "--seconds", "200", "--port", "0", "--json"]);
        Uri? address = null;
        for (var clock = Stopwatch.StartNew(); address is null; Thread.Sleep(20))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), $"no page within 30 s: {edge.Errors}");
            if (PageAddress().Match(edge.Errors) is { Success: true } match) address = new Uri(match.Groups[1].Value);
        }
        Assert.True(address.IsLoopback);
        string[] more = drill is null ? [] : [drill];
        string screenshots = Path.Combine(SharedData.RepositoryRoot, "artifacts", "screenshots");
        var result = await NodeTools.RunAsync("fleet.mjs", [address.ToString(), screenshots, width.ToString(CultureInfo.InvariantCulture), height.ToString(CultureInfo.InvariantCulture), scheme, name, .. more]);
        Assert.Empty(result.GetProperty("errors").EnumerateArray().Select(e => e.GetString()));
        Assert.True(result.GetProperty("overflow").GetInt32() <= 0, "the page is wider than the window");
        // Nothing drawn, or nothing that moves, would fail here.
        Assert.True(result.GetProperty("changed").GetInt32() > 200 && result.GetProperty("colors").GetInt32() > 8, $"the map hardly changed: {result}");
        Assert.True(result.GetProperty("moved").EnumerateArray().Count(m => m.GetDouble() > 0.1) >= 2, $"the robots stood: {result.GetProperty("moved")}");
        edge.Signal(EdgeProcess.Terminate);
        Assert.Equal(0, edge.WaitForExit());
        return result;
    }

    [GeneratedRegex("live page at (http://[^ \n]+)")]
    private static partial Regex PageAddress();
}
