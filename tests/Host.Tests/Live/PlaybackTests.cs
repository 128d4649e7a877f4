using System.Buffers.Binary;
using System.Text;
using Rig = EdgeAutonomy.Host.Tests.FoxgloveEndpointTests.Rig;

namespace EdgeAutonomy.Host.Tests;

public class PlaybackTests
{
    [Fact]
    public async Task Foxglove_TransportBar_SteersAndIsAnswered()
    {
        var playback = new ScriptedPlayback();
        await using var rig = await Rig.StartAsync(playback: playback);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        var info = await client.WaitForAsync("serverInfo");
        Assert.Contains("playbackControl", info.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal((5, 15), (info.GetProperty("dataStartTime").GetProperty("sec").GetInt32(), info.GetProperty("dataEndTime").GetProperty("sec").GetInt32()));
        Assert.Equal(new State(1, 5, 1, false, ""), Read(await client.WaitForAsync(5)));

        await client.SendAsync(Request(play: true, 2, seek: 8, "one"));
        Assert.Equal(new State(0, 8, 2, true, "one"), Read(await client.WaitForAsync(5)));
        Assert.Equal(["seek 8", "speed 2", "play"], playback.Orders);

        playback.MoveTo(playback.End);
        rig.Show(300);
        Assert.Equal(3, Read(await client.WaitForAsync(5)).Status); // ended, told by itself
        await client.SendAsync(Request(play: true, 2, null, "two"));
        Assert.Equal(new State(0, 5, 2, true, "two"), Read(await client.WaitForAsync(5))); // begins again
        await client.SendAsync(Request(play: true, 1, seek: 1000, "three"));
        Assert.Equal(15, Read(await client.WaitForAsync(5)).Seconds); // no further than the end
    }

    [Fact]
    public async Task Foxglove_SpeedBeyondReason_IsRefused()
    {
        var playback = new ScriptedPlayback();
        await using var rig = await Rig.StartAsync(playback: playback);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.SendAsync(Request(play: true, 1e9f, null, "fast"));
        Assert.Contains("must be from 0.01 to 1000", (await client.WaitForAsync("status")).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(playback.Orders);
    }

    [Fact]
    public async Task Foxglove_Live_HasNothingToPlayBack()
    {
        await using var rig = await Rig.StartAsync(new LiveOptions { AllowControl = true });
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.SendAsync(Request(play: true, 1, null, "x"));
        Assert.Contains("the server is live", (await client.WaitForAsync("status")).GetProperty("message").GetString(), StringComparison.Ordinal);
        await client.SubscribeAsync(1, "/log");
        Assert.DoesNotContain(client.Services.Keys, s => s.StartsWith("/replay", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Services_OfARecording_SteerIt()
    {
        var playback = new ScriptedPlayback();
        await using var rig = await Rig.StartAsync(playback: playback);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server, "foxglove.websocket.v1");
        Assert.NotNull((await client.CallAsync("/replay/seek", """{"seconds":7.5}""")).Answer);
        Assert.NotNull((await client.CallAsync("/replay/speed", """{"speed":0.5}""")).Answer);
        Assert.NotNull((await client.CallAsync("/replay/play")).Answer);
        Assert.NotNull((await client.CallAsync("/replay/pause")).Answer);
        Assert.Equal(["seek 7.5", "speed 0.5", "play", "pause"], playback.Orders);
        Assert.Contains("must be from", (await client.CallAsync("/replay/speed", """{"speed":0}""")).Failure, StringComparison.Ordinal);
        Assert.Contains("'seconds' must be a number", (await client.CallAsync("/replay/seek")).Failure, StringComparison.Ordinal);
        Assert.DoesNotContain("/edge/safe_stop", client.Services.Keys);
        await client.SendAsync("""{"op":"setParameters","parameters":[{"name":"replay.speed","value":4},{"name":"replay.paused","value":false},{"name":"replay.seconds","value":9}],"id":"p"}""");
        var now = await client.WaitForAsync("parameterValues", p => p.TryGetProperty("id", out _));
        Assert.Equal(["false", "4", "9"], now.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("value").GetRawText()));
        Assert.Equal(["speed 4", "play", "seek 9"], playback.Orders[4..]);
    }

    [Fact]
    public async Task Page_OfARecording_SteersItAndSeesWhereItIs()
    {
        var playback = new ScriptedPlayback();
        await using var rig = await Rig.StartAsync(new LiveOptions { AllowControl = true }, playback);
        rig.Show(100);
        using var client = await PageClient.ConnectAsync(rig.Server);
        var hello = await client.WaitForAsync("hello");
        Assert.Equal((5, 15), (hello.GetProperty("playback").GetProperty("start").GetInt32(), hello.GetProperty("playback").GetProperty("end").GetInt32()));
        Assert.True(hello.GetProperty("allowPlayback").GetBoolean());
        Assert.False(hello.GetProperty("allowStop").GetBoolean());
        Assert.False(hello.GetProperty("allowControl").GetBoolean());
        await client.SendAsync("""{"type":"playback","id":1,"do":"seek","value":12}""");
        var sought = await client.WaitForAsync("state", s => s.GetProperty("playback").GetProperty("time").GetDouble() == 12);
        Assert.True(sought.GetProperty("healthy").GetBoolean());
        Assert.True(sought.GetProperty("playback").GetProperty("paused").GetBoolean());
        await client.SendAsync("""{"type":"playback","id":2,"do":"speed","value":5}""");
        await client.SendAsync("""{"type":"playback","id":3,"do":"play"}""");
        await client.WaitForAsync("state", s => !s.GetProperty("playback").GetProperty("paused").GetBoolean() && s.GetProperty("playback").GetProperty("speed").GetDouble() == 5);
        Assert.Equal(["seek 12", "speed 5", "play"], playback.Orders);
        // There is no robot behind a recording.
        await client.SendAsync("""{"type":"stop","id":4,"loop":"*"}""");
        Assert.False((await client.WaitForAsync("answer", a => a.GetProperty("id").GetInt64() == 4)).GetProperty("ok").GetBoolean());
        Assert.Empty(rig.Feed.Inputs);
    }

    [Theory]
    [InlineData("{\"type\":\"playback\",\"id\":1}")]
    [InlineData("{\"type\":\"playback\",\"id\":1,\"do\":\"rewind\"}")]
    [InlineData("{\"type\":\"playback\",\"id\":1,\"do\":\"seek\"}")]
    [InlineData("{\"type\":\"playback\",\"id\":1,\"do\":\"seek\",\"value\":\"far\"}")]
    [InlineData("{\"type\":\"playback\",\"id\":1,\"do\":\"speed\",\"value\":-1}")]
    [InlineData("{\"type\":\"playback\",\"id\":1,\"do\":\"speed\",\"value\":1e999}")]
    public async Task Page_MalformedOrder_IsAnsweredAndChangesNothing(string message)
    {
        var playback = new ScriptedPlayback();
        await using var rig = await Rig.StartAsync(playback: playback);
        using var client = await PageClient.ConnectAsync(rig.Server);
        await client.SendAsync(message);
        Assert.False((await client.WaitForAsync("answer")).GetProperty("ok").GetBoolean());
        Assert.Empty(playback.Orders);
    }

    [Fact]
    public async Task Page_Live_KnowsNoPlayback()
    {
        await using var rig = await Rig.StartAsync();
        using var client = await PageClient.ConnectAsync(rig.Server);
        Assert.False((await client.WaitForAsync("hello")).TryGetProperty("playback", out _));
        await client.SendAsync("""{"type":"playback","id":1,"do":"play"}""");
        Assert.Equal("There is nothing to play back: the robot is live.", (await client.WaitForAsync("answer")).GetProperty("message").GetString());
    }

    [Theory]
    [InlineData(true, null, true)]
    [InlineData(false, null, false)]
    [InlineData(false, "0123456789abcdef", true)]
    public void Steer_Rights_AreThoseOfAStop(bool isLocal, string? token, bool allowed)
    {
        var playback = new ScriptedPlayback();
        var control = new LiveControl(new LiveOptions { Token = "0123456789abcdef" }, new LiveRelay(), new PlaybackControl(playback));
        Assert.Equal(allowed, control.Steer(new(Play: true), control.RightsOf(token, isLocal)).Done);
        Assert.Equal(allowed ? 1 : 0, playback.Orders.Length);
    }

    private static byte[] Request(bool play, float speed, double? seek, string id)
    {
        byte[] name = Encoding.UTF8.GetBytes(id), bytes = new byte[19 + name.Length];
        bytes[0] = 3;
        bytes[1] = (byte)(play ? 0 : 1);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(2), speed);
        bytes[6] = (byte)(seek is null ? 0 : 1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(7), (ulong)((seek ?? 0) * 1e9));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(15), name.Length);
        name.CopyTo(bytes, 19);
        return bytes;
    }

    private static State Read(byte[] m) => new(
        m[1], BinaryPrimitives.ReadUInt64LittleEndian(m.AsSpan(2)) / 1e9, BinaryPrimitives.ReadSingleLittleEndian(m.AsSpan(10)), m[14] == 1,
        Encoding.UTF8.GetString(m, 19, BinaryPrimitives.ReadInt32LittleEndian(m.AsSpan(15))));

    private readonly record struct State(int Status, double Seconds, float Speed, bool DidSeek, string RequestId);
}
