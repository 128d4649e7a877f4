using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording.Tests;

public class FoxgloveHostileTests
{
    private static readonly string[] Seeds =
    [
        """{"op":"subscribe","subscriptions":[{"id":1,"channelId":1},{"id":2,"channelId":2}]}""",
        """{"op":"unsubscribe","subscriptionIds":[1,2]}""",
        """{"op":"advertise","channels":[{"id":1,"topic":"/goal","encoding":"json","schemaName":"x"}]}""",
        """{"op":"setParameters","id":"a","parameters":[{"name":"speed","value":[1,2,{"x":null}],"type":"float64"}]}""",
        """{"op":"getParameters","parameterNames":["speed"],"id":"b"}""",
        """{"op":"subscribeParameterUpdates","parameterNames":["a"]}""",
        """{"op":"fetchAsset","uri":"x","requestId":4294967295}""",
        """{"op":"subscribeConnectionGraph"}""",
    ];

    public static TheoryData<string> Odd => new()
    {
        "", " ", "null", "[]", "7", "\"op\"", "{", "{}", """{"op":7}""", """{"op":"subscribe"}{"op":"subscribe"}""",
        """{"op":"subscribe","subscriptions":7}""", """{"op":"subscribe","subscriptions":[7,null,"x",[]]}""",
        """{"op":"subscribe","subscriptions":[{"id":1e400,"channelId":99999999999999999999999}]}""",
        """{"op":"subscribe","subscriptions":[{"id":1.5,"channelId":"1"}]}""",
        """{"op":"unsubscribe","subscriptionIds":[1e999,-1,{}]}""",
        """{"op":"\ud800"}""", """{"op":"fetchAsset","uri":"\udc00","requestId":1}""", """{"op":"getParameters","parameterNames":["\ud800"]}""",
        """{"op":"setParameters","parameters":[{"name":null}]}""", """{"op":"setParameters","parameters":[7]}""",
        """{"op":"advertise","channels":[{}]}""", """{"op":"advertise","channels":[{"id":1,"topic":5,"encoding":[]}]}""",
        new string('[', 100_000), string.Concat(Enumerable.Repeat("""{"op":""", 10_000)),
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public void OnText_Odd_GivesErrorsAndLives(string text)
    {
        var bench = new FoxgloveBench(new FoxgloveServerOptions { HasAssets = true }, control: true).Greeted();
        bench.Send(text);
        Assert.Null(bench.Client.CloseReason);
        var answers = bench.DrainJson();
        Assert.NotEmpty(answers);
        Assert.All(answers, a => Assert.Equal(2, a.GetProperty("level").GetInt32()));
        bench.Send(Seeds[0]);
        Assert.Empty(bench.Drain());
    }

    [Fact]
    public void OnText_InvalidUtf8_GivesError()
    {
        var bench = new FoxgloveBench().Greeted();
        bench.Client.OnText([(byte)'{', (byte)'"', 0xFF, 0xFE, (byte)'"', (byte)':', (byte)'1', (byte)'}']);
        bench.Error();
    }

    [Fact]
    public void OnText_MutatedMessages_NeverThrow()
    {
        var random = new RandomStream(7);
        var bench = new FoxgloveBench(new FoxgloveServerOptions { HasAssets = true, MaxControlBytes = 1 << 28 }, control: true);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(Seeds[random.NextInt32(Seeds.Length)]);
            for (int k = random.NextInt32(4); k >= 0; k--) text[random.NextInt32(text.Length)] = (byte)random.NextInt32(256);
            bench.Client.OnText(text.AsSpan(0, random.NextInt32(3) == 0 ? random.NextInt32(text.Length + 1) : text.Length));
            bench.Drain();
        }
        Assert.Null(bench.Client.CloseReason);
    }

    [Fact]
    public void OnBinary_RandomBytes_NeverThrow()
    {
        var random = new RandomStream(8);
        var bench = new FoxgloveBench(new FoxgloveServerOptions { DataStart = Stamp.Zero, DataEnd = new Stamp(1) }, control: true);
        bench.Server.AddService(new FoxgloveService("/edge/x"));
        bench.Send(Seeds[2]);
        for (int i = 0; i < 20_000; i++)
        {
            var data = new byte[random.NextInt32(40)];
            for (int k = 0; k < data.Length; k++) data[k] = (byte)(random.NextInt32(3) == 0 ? random.NextInt32(256) : random.NextInt32(3));
            bench.Client.OnBinary(data);
            bench.Drain();
        }
        Assert.Null(bench.Client.CloseReason);
        // The walk must have reached what it is meant to attack.
        Assert.NotEmpty(bench.Host.Received);
    }

    [Fact]
    public void Subscribe_MoreThanAllowed_GivesErrorAndStaysBounded()
    {
        var bench = new FoxgloveBench(new FoxgloveServerOptions { MaxPerClient = 1 }).Greeted();
        bench.Send(Seeds[0]);
        Assert.Contains("limit", bench.Error(), StringComparison.Ordinal);
        Assert.False(bench.Server.HasSubscribers(2));
    }

    [Fact]
    public async Task Publish_ClientsComeAndGo_BuffersStayWhole()
    {
        var bench = new FoxgloveBench();
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            int seen = 0;
            for (int round = 0; round < 200; round++)
            {
                Assert.True(bench.Server.TryConnect(FoxgloveProtocol.Sdk, out var client));
                client.OnText(Encoding.UTF8.GetBytes(Seeds[0]));
                for (int i = 0; i < 200; i++)
                {
                    if (!client.TryDequeue(out var frame) || frame.IsText) continue;
                    // Every message is one value throughout: a buffer given back too early would show two.
                    var payload = frame.Data.Span[13..];
                    Assert.Equal(payload.Length, payload.Count(payload[0]));
                    seen++;
                }
                client.Dispose();
            }
            return seen;
        });
        byte value = 0;
        var data = new byte[64];
        while (!reader.IsCompleted)
        {
            Array.Fill(data, ++value);
            bench.Server.Publish(bench.Channel, new Stamp(1), data);
            bench.Server.Publish(bench.Images, new Stamp(1), data);
        }
        await reader;
        Assert.Equal(1, bench.Server.ClientCount);
        Assert.False(bench.Server.HasSubscribers(bench.Channel));
    }
}
