using System.Buffers.Binary;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording.Tests;

public class FoxgloveControlTests
{
    private static readonly FoxgloveServerOptions Replay = new() { DataStart = Stamp.Zero, DataEnd = new Stamp(1_000_000_000), HasParameters = true, HasAssets = true };

    [Fact]
    public void PublishPlayback_Sdk_MatchesBytesByHand()
    {
        var bench = new FoxgloveBench(Replay).Greeted();
        bench.Server.PublishPlayback(new FoxglovePlaybackState(FoxglovePlaybackStatus.Paused, new Stamp(258), 1.5f, true, "ab"));
        Assert.Equal("05" + "01" + "0201000000000000" + "0000C03F" + "01" + "02000000" + "6162", Convert.ToHexString(Assert.Single(bench.Drain()).Data));
    }

    [Fact]
    public void PublishPlayback_Legacy_SendsNothing()
    {
        var bench = new FoxgloveBench(Replay, FoxgloveProtocol.Legacy).Greeted();
        bench.Server.PublishPlayback(default(FoxglovePlaybackState) with { RequestId = "" });
        Assert.Empty(bench.Drain());
    }

    [Theory]
    [InlineData("03" + "00" + "00000040" + "01" + "0201000000000000" + "02000000" + "6162", true, 2f, 258L, "ab")]
    [InlineData("03" + "01" + "0000803F" + "00" + "0000000000000000" + "00000000", false, 1f, -1L, "")]
    public void OnBinary_PlaybackRequest_ReachesTheHost(string hex, bool play, float speed, long seek, string id)
    {
        var bench = new FoxgloveBench(Replay, control: true).Greeted();
        bench.Client.OnBinary(Convert.FromHexString(hex));
        Assert.Empty(bench.Drain());
        Assert.Equal(new FoxglovePlaybackRequest(play, speed, seek < 0 ? null : new Stamp(seek), id), Assert.Single(bench.Host.Requests));
    }

    [Theory]
    [InlineData("03" + "02" + "0000803F" + "00" + "0000000000000000" + "00000000", "malformed")]
    [InlineData("03" + "00" + "0000C07F" + "00" + "0000000000000000" + "00000000", "speed")]
    [InlineData("03" + "00" + "000080BF" + "00" + "0000000000000000" + "00000000", "speed")]
    [InlineData("03" + "00" + "0000803F" + "01" + "FFFFFFFFFFFFFFFF" + "00000000", "time below 2^63")]
    [InlineData("03" + "00" + "0000803F" + "00" + "0000000000000000" + "FFFFFFFF", "malformed")]
    [InlineData("0300", "malformed")]
    public void OnBinary_BadPlaybackRequest_GivesError(string hex, string expected)
    {
        var bench = new FoxgloveBench(Replay, control: true).Greeted();
        bench.Client.OnBinary(Convert.FromHexString(hex));
        Assert.Contains(expected, bench.Error(), StringComparison.Ordinal);
        Assert.Empty(bench.Host.Requests);
    }

    [Fact]
    public void OnBinary_PlaybackWithoutControl_IsRefused()
    {
        var bench = new FoxgloveBench(Replay).Greeted();
        bench.Client.OnBinary(Convert.FromHexString("03000000803F00000000000000000000000000"));
        Assert.Contains("AllowControl", bench.Error(), StringComparison.Ordinal);
        Assert.Empty(bench.Host.Requests);
    }

    [Fact]
    public void OnText_SetParameters_AnswersAndTellsWatchers()
    {
        var bench = new FoxgloveBench(Replay, control: true).Greeted();
        Assert.True(bench.Server.TryConnect(FoxgloveProtocol.Sdk, out var watcher));
        while (watcher.TryDequeue(out _)) { }
        watcher.OnText("""{"op":"subscribeParameterUpdates","parameterNames":["speed"]}"""u8);
        bench.Send("""{"op":"setParameters","id":"q","parameters":[{"name":"speed","value":3,"type":"float64"},{"name":"name"}]}""");
        var answer = Assert.Single(bench.DrainJson());
        Assert.Equal(("parameterValues", "q", 2), (answer.GetProperty("op").GetString(), answer.GetProperty("id").GetString(), answer.GetProperty("parameters").GetArrayLength()));
        Assert.Null(bench.Host.Values["name"].Value);
        Assert.True(watcher.TryDequeue(out var frame));
        Assert.Equal("""{"op":"parameterValues","parameters":[{"name":"speed","value":3,"type":"float64"}]}""", Encoding.UTF8.GetString(frame.Data.Span));
        watcher.OnText("""{"op":"unsubscribeParameterUpdates","parameterNames":[]}"""u8);
        bench.Server.PublishParameters([FoxgloveParameter.Of("speed", 4)]);
        Assert.False(watcher.TryDequeue(out _));
    }

    [Fact]
    public void OnText_GetParameters_EmptyMeansAll()
    {
        var bench = new FoxgloveBench(Replay).Greeted();
        bench.Send("""{"op":"getParameters","parameterNames":[],"id":"1"}""");
        bench.Send("""{"op":"getParameters","parameterNames":["speed","nothing"]}""");
        var answers = bench.DrainJson();
        Assert.Equal([2, 1], answers.Select(a => a.GetProperty("parameters").GetArrayLength()));
        Assert.False(answers[1].TryGetProperty("id", out _));
    }

    [Fact]
    public void OnText_HostThrows_IsReportedToTheClient()
    {
        var bench = new FoxgloveBench(Replay).Greeted();
        bench.Host.Throws = true;
        bench.Send("""{"op":"getParameters","parameterNames":[]}""");
        Assert.Contains("boom", bench.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void OnBinary_ServiceCall_IsAnsweredOnce()
    {
        var bench = new FoxgloveBench(control: true);
        var service = bench.Server.AddService(new FoxgloveService("/edge/clear"));
        Assert.Equal("advertiseServices", bench.DrainJson()[^1].GetProperty("op").GetString());
        bench.Client.OnBinary(Call(service.Id, 7, "json", "{}"));
        var call = Assert.Single(bench.Host.Calls);
        Assert.Equal("{}", Encoding.UTF8.GetString(call.Request.Span));
        call.Respond("[]");
        call.Fail("too late");
        Assert.Equal("03" + "01000000" + "07000000" + "04000000" + "6A736F6E" + "5B5D", Convert.ToHexString(Assert.Single(bench.Drain()).Data));
        bench.Client.OnBinary(Call(service.Id, 8, "json", ""));
        bench.Host.Calls[1].Fail("busy");
        var failure = Assert.Single(bench.DrainJson());
        Assert.Equal(("serviceCallFailure", 8, "busy"), (failure.GetProperty("op").GetString(), failure.GetProperty("callId").GetInt32(), failure.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void OnBinary_ServiceWithoutControl_OnlySafeStopIsCalled(bool needsControl, int calls)
    {
        var bench = new FoxgloveBench();
        var service = bench.Server.AddService(new FoxgloveService("/edge/x", needsControl));
        bench.Greeted().Client.OnBinary(Call(service.Id, 7, "json", "{}"));
        Assert.Equal(calls, bench.Host.Calls.Count);
        Assert.Equal(1 - calls, bench.DrainJson().Count(m => m.GetProperty("op").GetString() == "serviceCallFailure"));
    }

    [Theory]
    [InlineData(99u, "json", "not known")]
    [InlineData(1u, "protobuf", "use json")]
    public void OnBinary_WrongServiceCall_Fails(uint id, string encoding, string expected)
    {
        var bench = new FoxgloveBench(control: true);
        bench.Server.AddService(new FoxgloveService("/edge/x"));
        bench.Greeted().Client.OnBinary(Call(id, 7, encoding, "{}"));
        Assert.Contains(expected, Assert.Single(bench.DrainJson()).GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(bench.Host.Calls);
    }

    [Fact]
    public void OnBinary_ClientMessage_ReachesTheHost()
    {
        var bench = new FoxgloveBench(control: true).Greeted();
        bench.Client.OnBinary([1, 5, 0, 0, 0, 42]);
        Assert.Contains("advertise it first", bench.Error(), StringComparison.Ordinal);
        bench.Send("""{"op":"advertise","channels":[{"id":5,"topic":"/goal","encoding":"json","schemaName":"goal"}]}""");
        bench.Client.OnBinary([1, 5, 0, 0, 0, 42]);
        Assert.Empty(bench.Drain());
        var (topic, data) = Assert.Single(bench.Host.Received);
        Assert.Equal("/goal", topic);
        Assert.Equal([42], data);
        bench.Send("""{"op":"unadvertise","channelIds":[5]}""");
        bench.Client.OnBinary([1, 5, 0, 0, 0, 42]);
        Assert.Contains("not known", bench.Error(), StringComparison.Ordinal);
        bench.Host.AllowControl = false;
        bench.Client.OnBinary([1, 5, 0, 0, 0, 42]);
        Assert.Contains("AllowControl", bench.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void OnText_FetchAsset_MatchesBytesByHand()
    {
        var bench = new FoxgloveBench(Replay).Greeted();
        bench.Send("""{"op":"fetchAsset","uri":"package://robot","requestId":9}""");
        bench.Send("""{"op":"fetchAsset","uri":"file:///etc/passwd","requestId":10}""");
        var frames = bench.Drain();
        Assert.Equal("04" + "09000000" + "00" + "00000000" + "010203", Convert.ToHexString(frames[0].Data));
        Assert.Equal("040A00000001", Convert.ToHexString(frames[1].Data)[..12]);
        Assert.Equal(frames[1].Data.Length - 10, BinaryPrimitives.ReadInt32LittleEndian(frames[1].Data.AsSpan(6)));
    }

    private static byte[] Call(uint service, uint call, string encoding, string request)
    {
        var data = new List<byte> { 2 };
        data.AddRange(BitConverter.GetBytes(service));
        data.AddRange(BitConverter.GetBytes(call));
        data.AddRange(BitConverter.GetBytes(encoding.Length));
        data.AddRange(Encoding.UTF8.GetBytes(encoding + request));
        return [.. data];
    }
}
