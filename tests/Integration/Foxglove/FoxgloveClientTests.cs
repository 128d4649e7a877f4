using System.Text.Json;
using EdgeAutonomy.Host;
using EdgeAutonomy.Host.Tests;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Integration;

/// <summary>Our endpoint and the official client of Foxglove's protocol, @foxglove/ws-protocol.</summary>
public class FoxgloveClientTests
{
    [SkippableTheory]
    [InlineData("foxglove.websocket.v1")] // what the client itself offers
    [InlineData("foxglove.sdk.v1")]
    [Trait("Clock", "Real")]
    public async Task Connect_OfficialClient_UnderstandsEverything(string protocol)
    {
        var feed = new ScriptedFeed();
        var options = new LiveOptions { Port = 0, Robot = "scripted" };
        var foxglove = new FoxgloveEndpoint(options, feed.Relay);
        await using var server = await LiveServer.StartAsync(options, feed.Relay, foxglove);
        using var ended = new CancellationTokenSource();
        var showing = Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            for (int step = 1; !ended.IsCancellationRequested; step++)
            {
                var view = feed.View(step);
                feed.Relay.Publish(view);
                foxglove.Show(view);
                await timer.WaitForNextTickAsync(CancellationToken.None);
            }
        });
        JsonElement result;
        try
        {
            result = await NodeTools.RunAsync("foxglove.mjs", new UriBuilder(server.Address) { Scheme = "ws" }.Uri.ToString(), protocol, "r1");
        }
        finally
        {
            await ended.CancelAsync();
            await showing;
        }

        Assert.Equal("foxglove.websocket.v1", result.GetProperty("supported").GetString());
        Assert.Equal(protocol, result.GetProperty("protocol").GetString());
        Assert.Empty(result.GetProperty("errors").EnumerateArray().Select(e => e.GetString()));
        var info = result.GetProperty("serverInfo");
        Assert.Equal("edge scripted", info.GetProperty("name").GetString());
        Assert.Superset(new HashSet<string> { "time", "services", "parameters", "parametersSubscribe", "connectionGraph" }, info.GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()!).ToHashSet());
        Assert.Equal(27, result.GetProperty("topics").GetArrayLength());
        ulong[] times = [.. result.GetProperty("times").EnumerateArray().Select(t => ulong.Parse(t.GetString()!, System.Globalization.CultureInfo.InvariantCulture))];
        Assert.Equal(times.Order(), times);
        Assert.All(times, t => Assert.Equal(0ul, t % 50_000_000)); // logical time: multiples of the script's step

        var messages = result.GetProperty("messages");
        Assert.Equal(10, messages.EnumerateObject().Count());
        var image = messages.GetProperty("/view/r1/image");
        Assert.Equal(("foxglove.CompressedImage", "protobuf"), (image.GetProperty("schema").GetString(), image.GetProperty("encoding").GetString()));
        Assert.Equal("png", image.GetProperty("content").GetProperty("format").GetString());
        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(image.GetProperty("content").GetProperty("data").GetBytesFromBase64().AsSpan(0, 8))); // PNG specification, section 5.2
        var pose = messages.GetProperty("/view/r1/pose").GetProperty("content");
        Assert.Equal("map", pose.GetProperty("frame_id").GetString());
        Assert.InRange(pose.GetProperty("pose").GetProperty("position").GetProperty("x").GetDouble(), 0, 10);
        var health = messages.GetProperty("/view/r1/health");
        Assert.Equal("json", health.GetProperty("encoding").GetString());
        Assert.Equal("Nominal", health.GetProperty("content").GetProperty("rungName").GetString());
        Assert.True(health.GetProperty("content").GetProperty("periodMs").GetDouble() > 0);
        Assert.Equal(5, messages.GetProperty("/view/r1/latency").GetProperty("content").GetProperty("stages").GetArrayLength());
        Assert.Equal(72, messages.GetProperty("/view/r1/scan").GetProperty("content").GetProperty("ranges").GetArrayLength());
        Assert.All(messages.EnumerateObject(), m => Assert.True(m.Value.GetProperty("bytes").GetInt32() > 10, m.Name));

        Assert.Contains(result.GetProperty("parameters").EnumerateArray(), p => p.GetProperty("name").GetString() == "r1.periodCapMs");
        Assert.Contains(result.GetProperty("graph").GetProperty("subscribedTopics").EnumerateArray(), t => t.GetProperty("name").GetString() == "/loop/r1/action");
        Assert.Equal(7, result.GetProperty("stop").GetProperty("callId").GetInt32());
        Assert.True(result.GetProperty("stop").GetProperty("answer").GetProperty("ok").GetBoolean());
        Assert.Equal(("r1", LoopInputKind.EmergencyStop, 0.0), Assert.Single(feed.Inputs));
        Assert.Contains("without control", result.GetProperty("clear").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1000, result.GetProperty("closed").GetInt32()); // a goodbye on both sides; 1006 would be a lost connection (RFC 6455, section 7.4.1)
    }
}
