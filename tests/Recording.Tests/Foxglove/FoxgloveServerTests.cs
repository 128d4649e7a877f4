using System.Text.Json;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Recording.Tests;

public class FoxgloveServerTests
{
    [Fact]
    public void Choose_BothOffered_PrefersSdk()
    {
        Assert.Equal("foxglove.sdk.v1", FoxgloveProtocol.Choose(["foxglove.websocket.v1", "foxglove.sdk.v1"]));
        Assert.Equal("foxglove.websocket.v1", FoxgloveProtocol.Choose(["chat", "foxglove.websocket.v1"]));
        Assert.Null(FoxgloveProtocol.Choose(["chat"]));
        Assert.Null(FoxgloveProtocol.Choose([]));
    }

    [Fact]
    public void TryConnect_First_GreetsThenAdvertises()
    {
        var bench = new FoxgloveBench(new FoxgloveServerOptions { Name = "edge", SessionId = "7", DataStart = new Stamp(1_000_000_002), DataEnd = new Stamp(3_000_000_000), SendsTime = true });
        var messages = bench.DrainJson();
        Assert.Equal(["serverInfo", "advertise"], messages.Select(m => m.GetProperty("op").GetString()));
        Assert.Equal("edge", messages[0].GetProperty("name").GetString());
        Assert.Equal(2, messages[0].GetProperty("dataStartTime").GetProperty("nsec").GetInt32());
        var capabilities = messages[0].GetProperty("capabilities").EnumerateArray().Select(c => c.GetString()).ToArray();
        Assert.Contains("playbackControl", capabilities);
        Assert.Contains("time", capabilities);
        Assert.DoesNotContain("clientPublish", capabilities);
        var channel = messages[1].GetProperty("channels")[0];
        Assert.Equal(("/a", "protobuf", "foxglove.Log", "protobuf"), (channel.GetProperty("topic").GetString(), channel.GetProperty("encoding").GetString(), channel.GetProperty("schemaName").GetString(), channel.GetProperty("schemaEncoding").GetString()));
        Assert.Equal(FoxgloveSchemas.Log.Data.ToArray(), channel.GetProperty("schema").GetBytesFromBase64());
    }

    [Fact]
    public void TryConnect_TooMany_Refuses()
    {
        var bench = new FoxgloveBench(new FoxgloveServerOptions { MaxClients = 1 });
        Assert.False(bench.Server.TryConnect(FoxgloveProtocol.Sdk, out _));
        bench.Client.Dispose();
        Assert.True(bench.Server.TryConnect(FoxgloveProtocol.Sdk, out _));
    }

    [Fact]
    public void Publish_Subscribed_HasSubscriptionIdAndTime()
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Send($$"""{"op":"subscribe","subscriptions":[{"id":258,"channelId":{{bench.Channel}}}]}""");
        bench.Server.Publish(bench.Channel, new Stamp(0x0102030405060708), [0xAA, 0xBB]);
        var frame = Assert.Single(bench.Drain());
        Assert.False(frame.IsText);
        Assert.Equal("01" + "02010000" + "0807060504030201" + "AABB", Convert.ToHexString(frame.Data));
        bench.Send("""{"op":"unsubscribe","subscriptionIds":[258]}""");
        Assert.False(bench.Server.HasSubscribers(bench.Channel));
        bench.Server.Publish(bench.Channel, new Stamp(1), [1]);
        Assert.Empty(bench.Drain());
    }

    [Fact]
    public void Unsubscribe_MessagesWaiting_AreForgotten()
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":1},{"id":2,"channelId":2}]}""");
        bench.Server.Publish(1, new Stamp(1), [1]);
        bench.Server.Publish(2, new Stamp(1), [2]);
        bench.Send("""{"op":"unsubscribe","subscriptionIds":[1]}""");
        Assert.Equal(2, Assert.Single(bench.Drain()).Data[1]);
    }

    [Theory]
    [InlineData("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":99}]}""", "Channel 99 is not known")]
    [InlineData("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":0}]}""", "Channel 0 is not known")]
    [InlineData("""{"op":"subscribe","subscriptions":[{"id":-1,"channelId":1}]}""", "whole numbers")]
    [InlineData("""{"op":"unsubscribe","subscriptionIds":[5]}""", "Subscription 5 is not known")]
    [InlineData("""{"op":"dance"}""", "'dance' is not known")]
    [InlineData("""{"op":"subscribe"}""", "array 'subscriptions'")]
    [InlineData("""{"op":"setParameters","parameters":[{"name":"speed","value":9}]}""", "Live:AllowControl")]
    [InlineData("""{"op":"advertise","channels":[{"id":1,"topic":"/goal","encoding":"json","schemaName":""}]}""", "Live:AllowControl")]
    public void OnText_Wrong_GivesError(string json, string expected)
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Send(json);
        Assert.Contains(expected, bench.Error(), StringComparison.Ordinal);
        Assert.Equal(1.5, bench.Host.Values["speed"].Value!.Value.GetDouble());
    }

    [Fact]
    public void Subscribe_Twice_GivesErrorAndKeepsTheFirst()
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":1}]}""");
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":2,"channelId":1}]}""");
        Assert.Contains("has subscription 1 already", bench.Error(), StringComparison.Ordinal);
        bench.Server.Publish(1, new Stamp(1), [1]);
        Assert.Single(bench.Drain());
    }

    [Fact]
    public void RemoveChannel_Subscribed_UnadvertisesAndForgets()
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":1}]}""");
        bench.Server.RemoveChannel(1);
        Assert.Equal("unadvertise", Assert.Single(bench.DrainJson()).GetProperty("op").GetString());
        uint next = bench.Server.AddChannel("/b", FoxgloveSchemas.Log);
        Assert.Equal(3u, next);
        bench.Drain();
        bench.Send($$"""{"op":"subscribe","subscriptions":[{"id":1,"channelId":{{next}}}]}""");
        Assert.Empty(bench.Drain());
    }

    [Fact]
    public void Publish_SlowClient_DropsOldestAndReportsOncePerSecond()
    {
        var bench = new FoxgloveBench(new FoxgloveServerOptions { DataQueue = 4 }).Greeted();
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":1}]}""");
        for (byte i = 0; i < 10; i++) bench.Server.Publish(1, new Stamp(i), [i]);
        var frames = bench.Drain();
        var status = JsonDocument.Parse(Assert.Single(frames, f => f.IsText).Data).RootElement;
        Assert.Equal((1, "edgeautonomy.drops"), (status.GetProperty("level").GetInt32(), status.GetProperty("id").GetString()));
        Assert.Equal([6, 7, 8, 9], frames.Where(f => !f.IsText).Select(f => (int)f.Data[13]));
        Assert.Equal((6, 0), (bench.Client.DroppedData, bench.Client.DroppedImages));

        for (byte i = 0; i < 10; i++) bench.Server.Publish(1, new Stamp(i), [i]);
        Assert.DoesNotContain(bench.Drain(), f => f.IsText);
        bench.Measure.Advance(Duration.FromMilliseconds(999));
        Assert.Empty(bench.Drain());
        bench.Measure.Advance(Duration.FromMilliseconds(1));
        var removed = Assert.Single(bench.DrainJson());
        Assert.Equal(("removeStatus", "edgeautonomy.drops"), (removed.GetProperty("op").GetString(), removed.GetProperty("statusIds")[0].GetString()));
        Assert.Empty(bench.Drain());
    }

    [Fact]
    public void Publish_ManyImages_DoNotDropOrDelayTheRest()
    {
        var bench = new FoxgloveBench(new FoxgloveServerOptions { ImageQueue = 2 }).Greeted();
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":1},{"id":2,"channelId":2}]}""");
        for (int i = 0; i < 100; i++) bench.Server.Publish(bench.Images, new Stamp(i), new byte[10_000]);
        for (int i = 0; i < 10; i++) bench.Server.Publish(bench.Channel, new Stamp(i), [1]);
        var data = bench.Drain().Where(f => !f.IsText).ToList();
        Assert.Equal(Enumerable.Repeat((byte)1, 10).Concat(new byte[] { 2, 2 }), data.Select(f => f.Data[1]));
        Assert.Equal((0, 98), (bench.Client.DroppedData, bench.Client.DroppedImages));
    }

    [Fact]
    public void TryDequeue_ManySmallMessages_LetImagesThrough()
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":1},{"id":2,"channelId":2}]}""");
        bench.Server.Publish(bench.Images, new Stamp(0), [1]);
        for (int i = 0; i < 100; i++) bench.Server.Publish(bench.Channel, new Stamp(i), [1]);
        Assert.InRange(bench.Drain().FindIndex(f => f.Data[1] == 2), 1, 16);
    }

    [Fact]
    public void Publish_TwoSubscribers_GetTheSameBytesWithTheirOwnIds()
    {
        var bench = new FoxgloveBench().Greeted();
        Assert.True(bench.Server.TryConnect(FoxgloveProtocol.Legacy, out var other));
        while (other.TryDequeue(out _)) { }
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":1}]}""");
        other.OnText("""{"op":"subscribe","subscriptions":[{"id":9,"channelId":1}]}"""u8);
        bench.Server.Publish(1, new Stamp(5), [7, 8]);
        bench.Client.Dispose(); // its buffer must stay good for the other
        bench.Server.Publish(1, new Stamp(6), [9, 9]);
        Assert.True(other.TryDequeue(out var frame));
        Assert.Equal("01" + "09000000" + "0500000000000000" + "0708", Convert.ToHexString(frame.Data.Span));
        Assert.True(other.TryDequeue(out frame));
        Assert.Equal(9, frame.Data.Span[13]);
        Assert.Equal(1, bench.Server.ClientCount);
    }

    [Fact]
    public void Publish_NobodySubscribed_DoesNotAllocate()
    {
        var bench = new FoxgloveBench().Greeted();
        byte[] data = new byte[500];
        Allocations.AssertNone(() => bench.Server.Publish(bench.Channel, new Stamp(1), data));
    }

    [Fact]
    public void Publish_SubscriberKeepsUp_DoesNotAllocate()
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Send("""{"op":"subscribe","subscriptions":[{"id":1,"channelId":1}]}""");
        byte[] data = new byte[500];
        Allocations.AssertNone(() =>
        {
            bench.Server.Publish(bench.Channel, new Stamp(1), data);
            while (bench.Client.TryDequeue(out _)) { }
        });
    }

    [Fact]
    public void PublishTime_Twice_SendsTheNewest()
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Server.PublishTime(new Stamp(1));
        bench.Server.PublishTime(new Stamp(0x0203));
        Assert.Equal("020302000000000000", Convert.ToHexString(Assert.Single(bench.Drain()).Data));
    }

    [Fact]
    public async Task WaitAsync_MessageArrives_Returns()
    {
        var bench = new FoxgloveBench();
        await bench.Client.WaitAsync(default);
        bench.Drain();
        var wait = bench.Client.WaitAsync(default).AsTask();
        Assert.False(wait.IsCompleted);
        bench.Server.PublishStatus(FoxgloveStatusLevel.Info, "hello");
        await wait;
        Assert.Single(bench.Drain());
        wait = bench.Client.WaitAsync(default).AsTask();
        bench.Client.Dispose();
        await wait;
        Assert.True(bench.Client.IsClosed);
    }

    [Fact]
    public void SetGraph_Changed_SendsOnlyTheDifference()
    {
        static FoxgloveGraph Graph(params (string Topic, string Node)[] links) => new(
            links.ToDictionary(l => l.Topic, l => (IReadOnlyList<string>)[l.Node]), new Dictionary<string, IReadOnlyList<string>>(), new Dictionary<string, IReadOnlyList<string>>());
        var bench = new FoxgloveBench().Greeted();
        bench.Server.SetGraph(Graph(("/x", "sense"), ("/y", "act")));
        Assert.Empty(bench.Drain());
        bench.Send("""{"op":"subscribeConnectionGraph"}""");
        Assert.Equal(2, Assert.Single(bench.DrainJson()).GetProperty("publishedTopics").GetArrayLength());
        bench.Server.SetGraph(Graph(("/y", "decide")));
        var update = Assert.Single(bench.DrainJson());
        Assert.Equal("/y", update.GetProperty("publishedTopics")[0].GetProperty("name").GetString());
        Assert.Equal("/x", update.GetProperty("removedTopics")[0].GetString());
        bench.Server.SetGraph(Graph(("/y", "decide")));
        Assert.Empty(bench.Drain());
    }

    [Fact]
    public void OnText_LongerThanLimit_AsksToClose()
    {
        var bench = new FoxgloveBench(new FoxgloveServerOptions { MaxMessageBytes = 100 }).Greeted();
        bench.Client.OnText(new byte[101]);
        Assert.Contains("101 bytes", bench.Client.CloseReason, StringComparison.Ordinal);
    }

    [Fact]
    public void OnText_ManyRequestsUnread_AsksToClose()
    {
        var bench = new FoxgloveBench(new FoxgloveServerOptions { MaxControlBytes = 10_000 }).Greeted();
        for (int i = 0; i < 1000 && bench.Client.CloseReason is null; i++) bench.Send("""{"op":"getParameters","parameterNames":[],"id":"x"}""");
        Assert.Contains("10000 bytes", bench.Client.CloseReason, StringComparison.Ordinal);
    }
}
