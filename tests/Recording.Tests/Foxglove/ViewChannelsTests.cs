using System.Text.Json;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Recording.Tests;

public class ViewChannelsTests
{
    [Fact]
    public void Encode_FullView_EveryMessageParsesWithItsSchema()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        channels.Encode(SampleViews.Live(1, SampleViews.Loop(), SampleViews.Loop("r2")), log);
        Assert.Equal(3 + 2 * 8, log.Opened.Count);
        Assert.Equal(log.Opened, channels.Channels);
        foreach (var channel in log.Opened.Where(c => c.Topic != "/log"))
        {
            byte[] data = log.Last(channel.Topic);
            if (channel.Encoding == "protobuf") DecodedMessage.Read(channel.Schema, data);
            else AssertFits(JsonDocument.Parse(data).RootElement, JsonDocument.Parse(channel.Schema.Data).RootElement);
        }
    }

    [Fact]
    public void Encode_NewLoop_OpensItsChannelsThen()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        channels.Encode(SampleViews.Live(1, SampleViews.Loop()), log);
        Assert.Equal(11, log.Opened.Count);
        channels.Encode(SampleViews.Live(2, SampleViews.Loop(), SampleViews.Loop("r2")), log);
        Assert.Equal(19, log.Opened.Count);
        Assert.Equal("/view/r2/image", log.Opened[11].Topic);
        Assert.Equal(Enumerable.Range(0, 19), log.Opened.Select(c => c.Id));
    }

    [Fact]
    public void Encode_BareLoop_WritesHealthOnly()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        channels.Encode(new LiveView(new Stamp(1), [SampleViews.Loop("bare", bare: true)], MapView.None), log);
        Assert.Equal(["/tf", "/view/map", "/view/bare/health"], log.Messages.Select(m => m.Topic));
    }

    [Fact]
    public void Encode_ViewsAt100Hz_KeepsTheRates()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        for (int i = 0; i < 1000; i++) channels.Encode(SampleViews.Live(i * 0.01, SampleViews.Loop(seconds: i * 0.01)), log);
        // 10 s: 50 images and 100 of the others, one more for the first.
        Assert.InRange(log.Count("/view/r1/image"), 50, 51);
        Assert.InRange(log.Count("/view/r1/pose"), 100, 101);
        Assert.InRange(log.Count("/tf"), 100, 101);
        Assert.InRange(log.Count("/view/r1/path"), 20, 21);
    }

    [Fact]
    public void Encode_JitteryViewsAtTheLimit_KeepsAll()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        for (int i = 0; i < 100; i++) channels.Encode(SampleViews.Live(i * 0.1 + (i % 2 == 0 ? 0 : 0.004), SampleViews.Loop()), log);
        Assert.Equal(100, log.Count("/view/r1/pose"));
    }

    [Fact]
    public void Encode_TimeRunsBackwards_StartsAnew()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        for (int i = 0; i < 20; i++) channels.Encode(SampleViews.Live(100 + i, SampleViews.Loop()), log);
        channels.Encode(SampleViews.Live(1, SampleViews.Loop()), log);
        Assert.Equal(21, log.Count("/view/r1/pose"));
        Assert.Equal(1, DecodedMessage.Read(FoxgloveSchemas.PosesInFrame, log.Last("/view/r1/path")).Count("poses"));
    }

    [Fact]
    public void Encode_LongPath_IsBoundedAndOldestFirst()
    {
        var channels = new ViewChannels(new ViewChannelOptions { PathPoses = 10 });
        var log = new ViewLog();
        for (int i = 0; i < 25; i++) channels.Encode(SampleViews.Live(i, SampleViews.Loop()), log);
        var path = DecodedMessage.Read(FoxgloveSchemas.PosesInFrame, log.Last("/view/r1/path"));
        Assert.Equal(Enumerable.Range(16, 10).Select(i => (double)i), path.Messages("poses").Select(p => p.Message("position").Number("x")));
    }

    [Fact]
    public void Encode_RungChange_IsLoggedOnce()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        for (int i = 0; i < 3; i++) channels.Encode(SampleViews.Live(i, SampleViews.Loop(rung: Rung.SafeStop)), log);
        var line = DecodedMessage.Read(FoxgloveSchemas.Log, Assert.Single(log.Messages, m => m.Topic == "/log").Data);
        Assert.Equal((4, "r1", "Health went from Nominal to SafeStop: Slack."), (line.Number("level"), line.Text("name"), line.Text("message")));
    }

    [Fact]
    public void Encode_NotFinite_IsNullInJson()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        channels.Encode(SampleViews.Live(1, SampleViews.Loop(seconds: 1.25)), log);
        var health = JsonDocument.Parse(log.Last("/view/r1/health")).RootElement;
        Assert.Equal(JsonValueKind.Null, health.GetProperty("coverage").ValueKind);
        Assert.Equal(JsonValueKind.Null, health.GetProperty("energyJ").ValueKind);
        Assert.Equal("0.9", health.GetProperty("trust").GetRawText());
        Assert.Equal((1, 250_000_000), (health.GetProperty("timestamp").GetProperty("sec").GetInt32(), health.GetProperty("timestamp").GetProperty("nsec").GetInt32()));
        Assert.Equal("EventRate", health.GetProperty("periodReason").GetString());
        Assert.Equal("Refused", health.GetProperty("stages")[3].GetProperty("failure").GetString());
        Assert.Equal(3, health.GetProperty("dropped").GetProperty("sensor").GetInt32());
    }

    [Fact]
    public void Encode_Map_ShowsTruthAndTransformsFollowIt()
    {
        var (channels, log) = (new ViewChannels(), new ViewLog());
        channels.Encode(SampleViews.Live(1, SampleViews.Loop()), log);
        var scene = DecodedMessage.Read(FoxgloveSchemas.SceneUpdate, log.Last("/view/map"));
        Assert.Equal(["walls", "obstacles", "robots", "goals"], scene.Messages("entities").Select(e => e.Text("id")));
        Assert.Equal((2, 2, 1, 1), (scene.Message("entities", 0).Count("cubes"), scene.Message("entities", 1).Count("cylinders"), scene.Message("entities", 2).Count("cylinders"), scene.Message("entities", 3).Count("lines")));
        var tf = DecodedMessage.Read(FoxgloveSchemas.FrameTransforms, log.Last("/tf"));
        Assert.Equal(("map", "r1/base", 2.0), (tf.Message("transforms").Text("parent_frame_id"), tf.Message("transforms").Text("child_frame_id"), tf.Message("transforms").Message("translation").Number("y")));
        Assert.Equal(("r1/base", "r1/camera"), (tf.Message("transforms", 1).Text("parent_frame_id"), tf.Message("transforms", 1).Text("child_frame_id")));
    }

    [Fact]
    public void Encode_RawImages_AreMono8()
    {
        var channels = new ViewChannels(new ViewChannelOptions { RawImages = true });
        var log = new ViewLog();
        var loop = SampleViews.Loop();
        channels.Encode(SampleViews.Live(1, loop), log);
        Assert.Equal(loop.Image!.Pixels, DecodedMessage.Read(FoxgloveSchemas.RawImage, log.Last("/view/r1/image")).Bytes("data"));
    }

    [Fact]
    public void Encode_Again_DoesNotAllocate()
    {
        var channels = new ViewChannels(new ViewChannelOptions { RawImages = true, OtherHz = 1e6, ImageHz = 1e6, PathHz = 1e6 });
        var server = new FoxgloveServer(new FoxgloveServerOptions(), new ScriptedHost(), new ScriptedMeasure());
        var sink = new FoxgloveViewSink(server);
        var count = new CountingSink();
        var views = Enumerable.Range(0, 700).Select(i => SampleViews.Live(i, SampleViews.Loop(seconds: i))).ToArray();
        foreach (var view in views) channels.Encode(view, count);
        int next = 0;
        Allocations.AssertNone(() => channels.Encode(views[next++ % views.Length], count));
        Assert.True(count.Bytes > 0);
        var silent = new ViewChannels();
        silent.Encode(views[0], sink);
        Allocations.AssertNone(() => silent.Encode(views[next++ % views.Length], sink));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(5, double.NaN)]
    [InlineData(-1, 10)]
    public void New_BadRate_Throws(double image, double other) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ViewChannels(new ViewChannelOptions { ImageHz = image, OtherHz = other }));

    private static void AssertFits(JsonElement value, JsonElement schema)
    {
        var type = schema.GetProperty("type");
        var allowed = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()).ToArray() : [type.GetString()];
        string actual = value.ValueKind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Null => "null",
            JsonValueKind.Number => allowed.Contains("integer") && value.TryGetInt64(out _) ? "integer" : "number",
            _ => "boolean",
        };
        Assert.Contains(actual, allowed);
        if (actual == "array") Assert.All(value.EnumerateArray(), item => AssertFits(item, schema.GetProperty("items")));
        if (actual != "object") return;
        foreach (var property in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(property.Name, out var inner)) AssertFits(property.Value, inner);
            else if (schema.TryGetProperty("additionalProperties", out var any)) AssertFits(property.Value, any);
            else Assert.Fail($"{property.Name} is not in the schema");
        }
    }

    private sealed class CountingSink : IViewSink
    {
        public long Bytes { get; private set; }

        public void Open(ViewChannel channel)
        {
        }

        public void Write(int channel, Stamp time, ReadOnlySpan<byte> data) => Bytes += data.Length;
    }
}
