using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public class TopVerbTests
{
    [Fact]
    public async Task Once_RunningEndpoint_PrintsALineForEachLoopAndStage()
    {
        var feed = new ScriptedFeed();
        feed.Publish(20, Rung.SafeStop);
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any, feed.Relay);
        var (code, output, error) = EdgeProgramTests.Run("top", server.Address.ToString(), "--once", "--loop", "r2");
        Assert.Equal(0, code);
        Assert.Empty(error);
        string[] lines = output.Split('\n');
        Assert.StartsWith("test   1.0 s   ", lines[0], StringComparison.Ordinal);
        Assert.Matches("^robot +rung +period ms +reason +cycles/s +events/s +W +missed +dropped$", lines[1]);
        Assert.Matches("^r1 +safeStop +", lines[2]);
        Assert.Matches("^r2 +nominal +.* 1 +42$", lines[3]);
        Assert.Equal("r2, microseconds", lines[6]);
        Assert.Matches("^stage +Min +Mean +p50 +p99 +p99.9 +Max +Jitter$", lines[7]);
        Assert.Matches(@"^end to end +180\.0 +312\.0 +300\.0 +570\.0 +930\.0 +2460\.0 +21\.0$", lines[12]);
    }

    [Fact]
    public async Task Json_RunningEndpoint_PrintsOneObject()
    {
        var feed = new ScriptedFeed();
        feed.Publish(20);
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any, feed.Relay);
        var (code, output, _) = EdgeProgramTests.Run("top", $"127.0.0.1:{server.Address.Port}", "--json");
        Assert.Equal(0, code);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(server.Address.ToString(), json.RootElement.GetProperty("url").GetString());
        Assert.Equal(3, json.RootElement.GetProperty("loops").GetArrayLength());
    }

    [Fact]
    public async Task Once_LoopThatIsNotThere_NamesThoseThatAre()
    {
        var feed = new ScriptedFeed();
        feed.Publish(1);
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any, feed.Relay);
        var (code, _, error) = EdgeProgramTests.Run("top", server.Address.ToString(), "--once", "--loop", "r9");
        Assert.Equal(64, code);
        Assert.Equal("edge: --loop is 'r9'; the loops there are r1, r2, r3.\n", error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Once_NobodyAnswers_Is74WithTheRemedy()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }
        var (code, output, error) = EdgeProgramTests.Run("top", $"http://127.0.0.1:{port}", "--once");
        Assert.Equal(74, code);
        Assert.Empty(output);
        Assert.StartsWith($"edge: Nobody answers at http://127.0.0.1:{port}/; start 'edge demo'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_NoCycleYet_PassesTheAnswerOn()
    {
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any, new ScriptedFeed().Relay);
        var (code, _, error) = EdgeProgramTests.Run("top", server.Address.ToString(), "--once");
        Assert.Equal(74, code);
        Assert.Contains("No cycle has been seen yet", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Once_NoAddress_IsAUsageError() => Assert.Equal(64, EdgeProgramTests.Run("top", "ftp://x", "--once").Item1);
}
