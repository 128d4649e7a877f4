using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public class LiveControlTests
{
    private const string Token = "0123456789abcdef";

    [Fact]
    public async Task Command_ByDefault_OnlyAnEmergencyStopIsTaken()
    {
        var feed = new ScriptedFeed();
        feed.Publish(1);
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any, feed.Relay);
        using var client = await PageClient.ConnectAsync(server);
        await client.SendAsync("""{"type":"clear","id":1,"loop":"r1"}""");
        var refused = await client.WaitForAsync("answer");
        Assert.False(refused.GetProperty("ok").GetBoolean());
        Assert.Equal("Control is off; set Live:AllowControl to true to allow it.", refused.GetProperty("message").GetString());
        await client.SendAsync("""{"type":"periodCap","id":2,"loop":"r1","periodMs":4}""");
        Assert.False((await client.WaitForAsync("answer", a => a.GetProperty("id").GetInt64() == 2)).GetProperty("ok").GetBoolean());
        Assert.Empty(feed.Inputs);
        await client.SendAsync("""{"type":"stop","id":3,"loop":"*"}""");
        Assert.True((await client.WaitForAsync("answer", a => a.GetProperty("id").GetInt64() == 3)).GetProperty("ok").GetBoolean());
        Assert.Equal([("r1", LoopInputKind.EmergencyStop, 0.0), ("r2", LoopInputKind.EmergencyStop, 0.0), ("r3", LoopInputKind.EmergencyStop, 0.0)], feed.Inputs);
    }

    [Fact]
    public async Task Command_WithControl_ReachesTheLoop()
    {
        var feed = new ScriptedFeed();
        feed.Publish(1);
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any with { AllowControl = true }, feed.Relay);
        using var client = await PageClient.ConnectAsync(server);
        await client.SendAsync("""{"type":"periodCap","id":7,"loop":"r2","periodMs":4}""");
        Assert.True((await client.WaitForAsync("answer")).GetProperty("ok").GetBoolean());
        Assert.Equal(("r2", LoopInputKind.PeriodCap, 4.0), Assert.Single(feed.Inputs));
        await client.SendAsync("""{"type":"clear","id":8,"loop":"nobody"}""");
        var refused = await client.WaitForAsync("answer", a => a.GetProperty("id").GetInt64() == 8);
        Assert.Equal("Loop 'nobody' did not take it: there is no such loop, or its inbox is full.", refused.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"type\":\"explode\",\"loop\":\"r1\"}")]
    [InlineData("{\"type\":\"stop\"}")]
    [InlineData("{\"type\":\"stop\",\"loop\":5}")]
    [InlineData("{\"type\":\"stop\",\"loop\":null}")]
    [InlineData("{\"type\":\"stop\",\"loop\":\"r1\",\"id\":1e99}")]
    [InlineData("{\"type\":\"watch\",\"loop\":\"r1\",\"images\":\"yes\"}")]
    [InlineData("{\"type\":\"periodCap\",\"loop\":\"r1\",\"periodMs\":1e999}")]
    [InlineData("{\"type\":\"periodCap\",\"loop\":\"r1\",\"periodMs\":-1}")]
    [InlineData("[[[[[[[[1]]]]]]]]")]
    public async Task Command_Malformed_IsAnsweredAndChangesNothing(string message)
    {
        var feed = new ScriptedFeed();
        await using var server = await LiveServer.StartAsync(LiveServerTests.Any with { AllowControl = true }, feed.Relay);
        using var client = await PageClient.ConnectAsync(server);
        await client.SendAsync(message);
        var answer = await client.WaitForAsync("answer");
        Assert.False(answer.GetProperty("ok").GetBoolean());
        Assert.NotEmpty(answer.GetProperty("message").GetString()!);
        Assert.Empty(feed.Inputs);
    }

    [Theory]
    // Whether control is allowed, what token there is and what was given, whether it is this machine: stop, and anything else.
    [InlineData(false, null, null, true, true, false)]
    [InlineData(false, null, null, false, false, false)]
    [InlineData(false, Token, null, true, true, false)]
    [InlineData(false, Token, Token, false, true, false)]
    [InlineData(true, null, null, true, true, true)]
    [InlineData(true, Token, null, true, true, false)]
    [InlineData(true, Token, "0123456789abcdeF", false, false, false)]
    [InlineData(true, Token, Token, false, true, true)]
    public void Run_Rights_FollowTheRule(bool allowControl, string? token, string? given, bool isLocal, bool stop, bool rest)
    {
        var feed = new ScriptedFeed();
        var control = new LiveControl(new LiveOptions { AllowControl = allowControl, Token = token }, feed.Relay);
        Assert.Equal(stop, control.Run(LoopInputKind.EmergencyStop, 0, "r1", control.RightsOf(given, isLocal)).Done);
        Assert.Equal(rest, control.Run(LoopInputKind.ClearStop, 0, "r1", control.RightsOf(given, isLocal)).Done);
        Assert.Equal((stop ? 1 : 0) + (rest ? 1 : 0), feed.Inputs.Count);
    }

    [Fact]
    public void Run_LoopsInOtherProcesses_NothingIsDoneAndNothingIsIll()
    {
        var control = new LiveControl(new LiveOptions { AllowControl = true, LoopsElsewhere = true }, new LiveRelay());
        Assert.False(control.RightsOf(null, isLocal: true).MayStop);
        var answer = control.Run(LoopInputKind.EmergencyStop, 0, "*", new ClientRights(true, true));
        Assert.False(answer.Done);
        Assert.Contains("processes of their own", answer.Message, StringComparison.Ordinal);
        Assert.True(new LiveHealth([], TimeSpan.FromSeconds(1), TimeProvider.System, mayBeEmpty: true).Check().Healthy);
        Assert.False(new LiveHealth([], TimeSpan.FromSeconds(1), TimeProvider.System).Check().Healthy);
    }
}
