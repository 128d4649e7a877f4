using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

public class FoxgloveEndpointTests
{
    [Theory]
    [InlineData("foxglove.sdk.v1")]
    [InlineData("foxglove.websocket.v1")]
    public async Task Connect_WithEitherName_GreetsThenSendsWhatIsSubscribed(string protocol)
    {
        await using var rig = await Rig.StartAsync();
        rig.Show(1);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server, protocol);
        Assert.Equal(protocol, client.Protocol);
        var info = await client.WaitForAsync("serverInfo");
        string[] capabilities = [.. info.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()!)];
        Assert.Contains("time", capabilities);
        Assert.Contains("services", capabilities);
        Assert.Contains("connectionGraph", capabilities);
        Assert.DoesNotContain("clientPublish", capabilities);
        Assert.DoesNotContain("playbackControl", capabilities);
        Assert.False(info.TryGetProperty("dataStartTime", out _));
        await client.SubscribeAsync(5, "/view/r1/health");
        await client.SubscribeAsync(6, "/view/r2/image");
        Assert.Equal(3 + 3 * 8, client.Channels.Count);
        rig.Show(2);
        byte[] time = await client.WaitForAsync(2);
        Assert.Equal(100_000_000ul, BinaryPrimitives.ReadUInt64LittleEndian(time.AsSpan(1)));
        byte[] health = await client.WaitForAsync(1, m => m[1] == 5);
        Assert.Equal(100_000_000ul, BinaryPrimitives.ReadUInt64LittleEndian(health.AsSpan(5)));
        using var json = JsonDocument.Parse(health.AsMemory(13));
        Assert.Equal(24, json.RootElement.GetProperty("cycle").GetInt64());
        rig.Show(3);
        byte[] image = await client.WaitForAsync(1, m => m[1] == 6);
        Assert.True(image.AsSpan().IndexOf("png"u8) > 0 && image.AsSpan().IndexOf("IHDR"u8) > 0, "the image is no PNG");
    }

    [Fact]
    public async Task Connect_WithNeitherName_Is400WithBothNames()
    {
        await using var rig = await Rig.StartAsync();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => FoxgloveTestClient.ConnectAsync(rig.Server, "foxglove.websocket.v9"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var http = new HttpClient { BaseAddress = rig.Server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var (name, value) in new[] { ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==") })
            request.Headers.Add(name, value);
        using var answer = await http.SendAsync(request);
        string sentence = await answer.Content.ReadAsStringAsync();
        Assert.Contains("'foxglove.sdk.v1' or 'foxglove.websocket.v1'", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example", false)]
    [InlineData("https://app.foxglove.dev", true)]
    [InlineData("http://localhost:8080", true)]
    public async Task Connect_Origin_DecidesWhoMay(string origin, bool allowed)
    {
        await using var rig = await Rig.StartAsync();
        if (allowed)
        {
            using var client = await FoxgloveTestClient.ConnectAsync(rig.Server, origin: origin);
            await client.WaitForAsync("serverInfo");
        }
        else
        {
            var refused = await Assert.ThrowsAsync<HttpRequestException>(() => FoxgloveTestClient.ConnectAsync(rig.Server, origin: origin));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Close_ByTheClient_GetsItsAnswerAndIsForgotten()
    {
        await using var rig = await Rig.StartAsync();
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.WaitForAsync("serverInfo");
        Assert.Equal(1, rig.Foxglove.Clients);
        await client.CloseAsync();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Closed.Status);
        SpinWait.SpinUntil(() => rig.Foxglove.Clients == 0, TimeSpan.FromSeconds(20));
        Assert.Equal(0, rig.Foxglove.Clients);
    }

    [Fact]
    public async Task Dispose_Server_SaysGoodbye()
    {
        await using var rig = await Rig.StartAsync();
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.WaitForAsync("serverInfo");
        await rig.Server.DisposeAsync();
        await client.WaitForCloseAsync();
        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "The program ends."), client.Closed);
    }

    [Fact]
    public async Task Message_TooLong_ClosesThatClientOnly()
    {
        await using var rig = await Rig.StartAsync();
        using var other = await FoxgloveTestClient.ConnectAsync(rig.Server);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.SendAsync(new string(' ', (1 << 20) + 1));
        await client.WaitForCloseAsync();
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, client.Closed.Status);
        rig.Show(1);
        await other.WaitForAsync(2);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"op\":\"explode\"}")]
    [InlineData("{\"op\":\"subscribe\",\"subscriptions\":[{\"id\":1,\"channelId\":9999}]}")]
    public async Task Message_Malformed_IsAStatusOfLevelError(string message)
    {
        await using var rig = await Rig.StartAsync();
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.SendAsync(message);
        Assert.Equal(2, (await client.WaitForAsync("status")).GetProperty("level").GetInt32());
    }

    [Fact]
    public async Task Show_ClientThatDoesNotRead_LosesImagesAndHoldsUpNobody()
    {
        await using var rig = await Rig.StartAsync(width: 640, height: 480);
        rig.Show(1);
        using var slow = await FoxgloveTestClient.ConnectAsync(rig.Server);
        using var fast = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await slow.SubscribeAsync(1, "/view/r1/path"); // 25 kB of a robot that drives in circles, the largest message that costs little to make
        await slow.SubscribeAsync(2, "/view/r1/image");
        for (int step = 1; rig.Foxglove.Dropped == 0; step++)
        {
            Assert.True(step < 5000, "nothing was ever dropped");
            rig.Show(1 + step * 10);
            ulong time = (ulong)Stamp.FromSeconds((1 + step * 10) * 0.05).Nanoseconds;
            await fast.WaitForAsync(2, m => BinaryPrimitives.ReadUInt64LittleEndian(m.AsSpan(1)) == time);
        }
        var status = await slow.WaitForAsync("status", s => s.TryGetProperty("id", out var id) && id.GetString() == "edgeautonomy.drops");
        Assert.Equal(1, status.GetProperty("level").GetInt32());
    }

    [Fact]
    [Trait("Clock", "Real")]
    public async Task Show_ClientThatNeverReads_IsCutOff()
    {
        await using var rig = await Rig.StartAsync(width: 640, height: 480, sendTimeout: TimeSpan.FromMilliseconds(100));
        rig.Show(1);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.SubscribeAsync(1, "/view/r1/image");
        await client.SubscribeAsync(2, "/view/r1/path");
        for (int step = 1; rig.Foxglove.Clients > 0; step++)
        {
            Assert.True(step < 100_000, "a client that does not read was never cut off");
            rig.Show(step * 10);
        }
    }

    [Fact]
    public async Task Rung_Degraded_IsAStatusUntilItIsOver_AlsoForWhoComesLater()
    {
        await using var rig = await Rig.StartAsync();
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.SubscribeAsync(1, "/log");
        rig.Show(1, Rung.Hold);
        var status = await client.WaitForAsync("status");
        Assert.Equal("edge.rung.r1", status.GetProperty("id").GetString());
        Assert.Equal("Loop 'r1' is at rung 3 (Hold) because of Trust; it climbs by itself once the conditions hold again.", status.GetProperty("message").GetString());
        using var late = await FoxgloveTestClient.ConnectAsync(rig.Server);
        Assert.Equal("edge.rung.r1", (await late.WaitForAsync("status")).GetProperty("id").GetString());
        rig.Foxglove.Log(new LogLine(Stamp.FromSeconds(1), FoxgloveLogLevel.Warning, "recorder", "The disk is nearly full."));
        byte[] line = await client.WaitForAsync(1, m => m.AsSpan().IndexOf("nearly full"u8) > 0);
        Assert.True(line.AsSpan().IndexOf("recorder"u8) > 0);
        rig.Show(2);
        Assert.Equal("edge.rung.r1", (await late.WaitForAsync("removeStatus")).GetProperty("statusIds")[0].GetString());
    }

    [Fact]
    public async Task Report_Trouble_ReachesClientsOfNowAndLater()
    {
        await using var rig = await Rig.StartAsync();
        rig.Foxglove.Report("recorder", FoxgloveStatusLevel.Error, "The recording ended: the disk is full.");
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        Assert.Equal("The recording ended: the disk is full.", (await client.WaitForAsync("status")).GetProperty("message").GetString());
        rig.Foxglove.Report("recorder", FoxgloveStatusLevel.Error, null);
        await client.WaitForAsync("removeStatus");
    }

    [Fact]
    public async Task Service_ByDefault_OnlyTheSafeStopIsTaken()
    {
        await using var rig = await Rig.StartAsync();
        rig.Show(1);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        var (_, failure) = await client.CallAsync("/edge/clear");
        Assert.Contains("Live:AllowControl", failure, StringComparison.Ordinal);
        (_, failure) = await client.CallAsync("/edge/period_cap", """{"loop":"r1","periodMs":4}""");
        Assert.Contains("Live:AllowControl", failure, StringComparison.Ordinal);
        await client.SendAsync("""{"op":"setParameters","parameters":[{"name":"r1.periodCapMs","value":4}],"id":"a"}""");
        Assert.Equal(2, (await client.WaitForAsync("status")).GetProperty("level").GetInt32());
        Assert.Empty(rig.Feed.Inputs);
        var (answer, _) = await client.CallAsync("/edge/safe_stop", "");
        Assert.True(answer!.Value.GetProperty("ok").GetBoolean());
        Assert.Equal([("r1", LoopInputKind.EmergencyStop, 0.0), ("r2", LoopInputKind.EmergencyStop, 0.0), ("r3", LoopInputKind.EmergencyStop, 0.0)], rig.Feed.Inputs);
    }

    [Fact]
    public async Task Service_WithControl_ReachesTheLoop()
    {
        await using var rig = await Rig.StartAsync(new LiveOptions { AllowControl = true });
        rig.Show(1);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        Assert.True((await client.CallAsync("/edge/period_cap", """{"loop":"r2","periodMs":4}""")).Answer!.Value.GetProperty("ok").GetBoolean());
        Assert.True((await client.CallAsync("/edge/clear", """{"loop":"r3"}""")).Answer!.Value.GetProperty("ok").GetBoolean());
        Assert.Equal([("r2", LoopInputKind.PeriodCap, 4.0), ("r3", LoopInputKind.ClearStop, 0.0)], rig.Feed.Inputs);
        Assert.Contains("there is no such loop", (await client.CallAsync("/edge/clear", """{"loop":"nobody"}""")).Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/edge/period_cap", "{}", "'periodMs' must be a number")]
    [InlineData("/edge/period_cap", "{\"periodMs\":-1}", "must be from 0")]
    [InlineData("/edge/period_cap", "{\"periodMs\":1e999}", "must be from 0")]
    [InlineData("/edge/clear", "{\"loop\":5}", "'loop' must be a string")]
    [InlineData("/edge/clear", "[]", "must be a JSON object")]
    [InlineData("/edge/clear", "{", "not understood")]
    public async Task Service_Malformed_FailsAndChangesNothing(string service, string request, string sentence)
    {
        await using var rig = await Rig.StartAsync(new LiveOptions { AllowControl = true });
        rig.Show(1);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        Assert.Contains(sentence, (await client.CallAsync(service, request)).Failure, StringComparison.Ordinal);
        Assert.Empty(rig.Feed.Inputs);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("token=0123456789abcdeF", false)]
    [InlineData("token=0123456789abcdef", true)]
    public async Task Token_InTheAddress_DecidesControl(string query, bool allowed)
    {
        await using var rig = await Rig.StartAsync(new LiveOptions { AllowControl = true, Token = "0123456789abcdef" });
        rig.Show(1);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server, query: query);
        var info = await client.WaitForAsync("serverInfo");
        // Nobody takes goals from clients yet, so nobody is told that they could be sent.
        Assert.DoesNotContain("clientPublish", info.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()));
        Assert.Equal(allowed, (await client.CallAsync("/edge/clear")).Answer is not null);
        Assert.Equal(allowed ? 3 : 0, rig.Feed.Inputs.Count);
        Assert.NotNull((await client.CallAsync("/edge/safe_stop")).Answer); // from this machine, always
    }

    [Fact]
    public async Task Parameters_PeriodCap_IsSetAndToldToAllWhoWatch()
    {
        await using var rig = await Rig.StartAsync(new LiveOptions { AllowControl = true });
        rig.Show(1);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        using var watcher = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await watcher.SendAsync("""{"op":"subscribeParameterUpdates","parameterNames":["r1.periodCapMs"]}""");
        await watcher.SubscribeAsync(1, "/log");
        await client.SendAsync("""{"op":"getParameters","parameterNames":[],"id":"all"}""");
        var all = (await client.WaitForAsync("parameterValues")).GetProperty("parameters").EnumerateArray().ToArray();
        Assert.Equal(18, all.Length);
        Assert.Equal(0, Value(all, "r1.periodCapMs").GetDouble());
        Assert.Equal("Nominal", Value(all, "r2.rung").GetString());
        await client.SendAsync("""{"op":"setParameters","parameters":[{"name":"r1.periodCapMs","value":8}],"id":"set"}""");
        var now = (await client.WaitForAsync("parameterValues", p => p.TryGetProperty("id", out var id) && id.GetString() == "set")).GetProperty("parameters").EnumerateArray().ToArray();
        Assert.Equal(8, Value(now, "r1.periodCapMs").GetDouble());
        Assert.Equal(("r1", LoopInputKind.PeriodCap, 8.0), Assert.Single(rig.Feed.Inputs));
        Assert.Equal(8, Value([.. (await watcher.WaitForAsync("parameterValues")).GetProperty("parameters").EnumerateArray()], "r1.periodCapMs").GetDouble());
        await client.SendAsync("""{"op":"setParameters","parameters":[{"name":"r1.rung","value":"Nominal"}]}""");
        Assert.Equal("Parameter 'r1.rung' was not set: It is only to look at.", (await client.WaitForAsync("status")).GetProperty("message").GetString());
        Assert.Single(rig.Feed.Inputs);
    }

    [Fact]
    public async Task Graph_OfALoop_GoesFromSenseToAct()
    {
        await using var rig = await Rig.StartAsync();
        rig.Show(1);
        using var client = await FoxgloveTestClient.ConnectAsync(rig.Server);
        await client.SendAsync("""{"op":"subscribeConnectionGraph"}""");
        var graph = await client.WaitForAsync("connectionGraphUpdate");
        var published = graph.GetProperty("publishedTopics").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("publisherIds")[0].GetString());
        var subscribed = graph.GetProperty("subscribedTopics").EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("subscriberIds")[0].GetString());
        Assert.Equal(("r1/rover sensor", "r1/perceive"), (published["/loop/r1/sample"], subscribed["/loop/r1/sample"]));
        Assert.Equal(("r1/perceive", "r1/decide"), (published["/loop/r1/percept"], subscribed["/loop/r1/percept"]));
        Assert.Equal(("r1/decide", "r1/act"), (published["/loop/r1/action"], subscribed["/loop/r1/action"]));
        // Every topic that is shown has a node that it comes from.
        await client.SubscribeAsync(1, "/log");
        Assert.Empty(client.Channels.Keys.Except(published.Keys));
    }

    [Fact]
    public void Show_NobodySubscribed_EncodesNothing()
    {
        var feed = new ScriptedFeed();
        var foxglove = new FoxgloveEndpoint(new LiveOptions(), feed.Relay);
        foxglove.Show(feed.View(1)); // the first makes the channels
        var view = feed.View(2);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foxglove.Show(view);
        // A PNG of one robot alone is several kilobytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    private static JsonElement Value(JsonElement[] parameters, string name) => parameters.Single(p => p.GetProperty("name").GetString() == name).GetProperty("value");

    /// <summary>A server with scripted robots.</summary>
    internal sealed class Rig : IAsyncDisposable
    {
        private Rig(ScriptedFeed feed, FoxgloveEndpoint foxglove, LiveServer server) => (Feed, Foxglove, Server) = (feed, foxglove, server);

        public ScriptedFeed Feed { get; }

        public FoxgloveEndpoint Foxglove { get; }

        public LiveServer Server { get; }

        public static async Task<Rig> StartAsync(LiveOptions? options = null, IPlayback? playback = null, int width = ScriptedFeed.Width, int height = ScriptedFeed.Height, TimeSpan? sendTimeout = null)
        {
            var feed = new ScriptedFeed(width: width, height: height);
            options = (options ?? new LiveOptions()) with { Port = 0, Robot = "test" };
            var control = playback is null ? null : new PlaybackControl(playback);
            var foxglove = new FoxgloveEndpoint(options, feed.Relay, control) { SendTimeout = sendTimeout ?? TimeSpan.FromSeconds(10) };
            return new Rig(feed, foxglove, await LiveServer.StartAsync(options, feed.Relay, foxglove, playback: control));
        }

        public void Show(int step, Rung rung = Rung.Nominal)
        {
            var view = Feed.View(step, rung);
            Feed.Relay.Publish(view);
            Foxglove.Show(view);
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
