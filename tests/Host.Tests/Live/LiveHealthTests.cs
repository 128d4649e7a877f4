using System.Net;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public class LiveHealthTests
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/healthz")]
    public async Task Get_LoopThatTurnsThenStalls_Is200Then503WithTheReason(string path)
    {
        using var loop = new RunningLoop();
        var time = new ManualTime();
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any, new ScriptedFeed([loop.Loop]).Relay, time: time);
        using var http = new HttpClient { BaseAddress = server.Address };
        await Expect(503, "Loop 'avoid' has not finished a cycle yet.");
        loop.Turn(5);
        await Expect(200, null);
        time.Advance(1.9);
        await Expect(200, null);
        time.Advance(0.2);
        await Expect(503, "Loop 'avoid' has not finished a cycle for 2.1 s, limit is 2 s.");
        loop.Turn(1);
        await Expect(200, null);

        async Task Expect(int status, string? reason)
        {
            using var answer = await http.GetAsync(path);
            Assert.Equal((HttpStatusCode)status, answer.StatusCode);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal(status == 200, json.RootElement.GetProperty("healthy").GetBoolean());
            Assert.Equal(reason is null ? [] : [reason], json.RootElement.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()));
            Assert.Equal("avoid", json.RootElement.GetProperty("loops")[0].GetProperty("loop").GetString());
        }
    }

    [Fact]
    public void Check_SafeStop_IsNotHealthyThoughTheLoopTurns()
    {
        using var loop = new RunningLoop();
        loop.Turn(1);
        var health = new LiveHealth([loop.Loop], TimeSpan.FromSeconds(2), new ManualTime());
        loop.Turn(1);
        Assert.True(health.Check().Healthy);
        Assert.True(loop.Loop.Inbox.TryWrite(new LoopInput { Kind = LoopInputKind.EmergencyStop }));
        loop.Turn(3);
        Assert.Equal("Loop 'avoid' is in safe stop (rung 4); an operator must clear it.", Assert.Single(health.Check().Reasons));
    }

    [Fact]
    public void Check_NoLoop_IsNotHealthy() => Assert.Equal("No loop runs.", Assert.Single(new LiveHealth([], TimeSpan.FromSeconds(2), new ManualTime()).Check().Reasons));
}
