using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public sealed class EnvelopeTests
{
    private static readonly Beacon Known = new()
    {
        Prefix = new FleetPrefix(FleetKind.Beacon, FleetFlags.Localised | FleetFlags.Loaded, 0x01020304, 5, 6, -7), X = 1.5f, Y = -2, Heading = 3, VelocityX = 0.25f, VelocityY = -0.5f, TurnRate = 1, Radius = 0.5f, Mode = 9, Battery = 80, Map = 0x0A0B,
    };

    [Fact]
    public void Beacon_KnownValues_HasTheBytesOfTheNotes()
    {
        // By hand from the table: little endian, f32 as IEEE 754.
        string expected = "01010C0004030201" + "0500000000000000" + "0600000000000000" + "F9FFFFFFFFFFFFFF"
            + "0000C03F" + "000000C0" + "00004040" + "0000803E" + "000000BF" + "0000803F" + "0000003F" + "09500B0A";
        var bytes = new byte[Beacon.Size];
        Known.Write(bytes);
        Assert.Equal(expected, Convert.ToHexString(bytes));
        Assert.True(Beacon.TryRead([.. bytes, 1, 2, 3], out var read));
        Assert.Equal(Known, read);
    }

    [Fact]
    public void Beacon_WriteAndRead_AllocateNothing()
    {
        var bytes = new byte[Beacon.Size];
        long sum = 0;
        for (int k = 0; k < 2; k++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                Known.Write(bytes);
                if (Beacon.TryRead(bytes, out var read)) sum += read.Map;
            }
            if (k == 1) Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(2000L * 0x0A0B, sum);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    public void Beacon_OtherVersionOrKind_IsRefused(int at, byte value)
    {
        var bytes = new byte[Beacon.Size];
        Known.Write(bytes);
        bytes[at] = value;
        Assert.False(Beacon.TryRead(bytes, out _));
        Known.Write(bytes);
        Assert.False(Beacon.TryRead(bytes.AsSpan(0, Beacon.Size - 1), out _));
        (Known with { X = float.NaN }).Write(bytes);
        Assert.False(Beacon.TryRead(bytes, out _));
    }

    [Fact]
    public void Beacon_Period_RoundsUpToTenths()
    {
        foreach (var (ms, expected) in new[] { (20, 100), (100, 100), (101, 200), (1000, 1000), (25_500, 25_500), (99_000, 25_500) })
        {
            var flags = Beacon.WithPeriod(FleetFlags.Loaded, Duration.FromMilliseconds(ms));
            Assert.Equal(expected, (Known with { Prefix = Known.Prefix with { Flags = flags } }).Period.Milliseconds);
            Assert.True(flags.HasFlag(FleetFlags.Loaded));
        }
    }

    [Fact]
    public void Json_EveryMessage_ComesBackAndToleratesUnknownMembers()
    {
        var names = new FleetNames();
        var claim = new LeaseClaim("t", 77, 3, Duration.FromSeconds(4), 2, 5, true);
        Assert.True(LeaseClaim.TryRead(Text(j => claim.Write(j, new FleetEnvelope(3, 1, 0, -5))), "t", out var envelope, out var claimed));
        Assert.Equal((claim, new FleetEnvelope(3, 1, 77, -5)), (claimed, envelope));
        var vote = new LeaseVote("t", 77, "h", 3, 2, true, 78, true);
        Assert.True(LeaseVote.TryRead(Text(j => vote.Write(j, envelope)), "t", names, out _, out var voted));
        Assert.Equal(vote, voted);
        var request = new ElectionRequest(9, true, 1);
        Assert.True(ElectionRequest.TryRead(Text(j => request.Write(j, envelope)), out _, out var requested));
        Assert.Equal(request, requested);
        var answer = new ElectionVote(9, "c", false, true, 1);
        Assert.True(ElectionVote.TryRead(Text(j => answer.Write(j, envelope)), names, out _, out var answered));
        Assert.Equal(answer, answered);
        var report = new TaskReport(ReportState.Interrupted, 12, 3, 40);
        Assert.True(TaskReport.TryRead(Text(j => report.Write(j, envelope)), out _, out var reported));
        Assert.Equal(report, reported);
        var task = new FleetTask { Id = "t", Class = TaskClass.Exclusive, State = TaskState.Held, Revision = 4, OnLoss = TaskLoss.Retry, X = 1.25, Y = -3, Map = 2, Seconds = 9, Reward = 4, Kind = "pick „Ä“", By = "r", Why = "see" };
        Assert.True(FleetTask.TryRead(Text(j => task.Write(j, envelope)), "t", names, out _, out var tasked));
        Assert.Equal(task, tasked);
        Assert.True(LeaseClaim.TryRead("""{"v":1,"inc":3,"new":{"a":[1,{"b":2}]},"seq":1,"epoch":7,"t":0,"ns":5,"roster":1,"rev":0,"q":"\u00e4"}"""u8, "t", out _, out _));
    }

    [Theory]
    [InlineData("""{"v":2,"inc":3,"seq":1,"epoch":7,"t":0,"ns":5}""")]
    [InlineData("""{"inc":3,"seq":1,"epoch":7,"t":0,"ns":5}""")]
    [InlineData("""{"v":1,"inc":0,"seq":1,"epoch":7,"t":0,"ns":5}""")]
    [InlineData("""{"v":1,"inc":3,"seq":1,"epoch":7,"t":0,"ns":-5}""")]
    [InlineData("""{"v":1,"inc":4294967296,"seq":1,"epoch":7,"t":0,"ns":5}""")]
    [InlineData("""{"v":1,"inc":3,"seq":1,"epoch":7,"t":0,"ns":5} x""")]
    [InlineData("""[1]""")]
    [InlineData("")]
    public void Claim_Malformed_IsRefused(string text) => Assert.False(LeaseClaim.TryRead(Encoding.UTF8.GetBytes(text), "t", out _, out _));

    [Fact]
    public void Cbba_BadBids_AreRefused()
    {
        foreach (string bid in new[] { "-1", "1e999", "null", "\"NaN\"" })
        {
            string text = $$"""{"v":1,"inc":1,"seq":1,"epoch":0,"t":0,"robots":["a"],"stamps":[1],"tasks":["t"],"bids":[{{bid}}],"winners":[0]}""";
            Assert.False(CbbaMessage.TryRead(Encoding.UTF8.GetBytes(text), new FleetNames(), new CbbaMessage(), out _));
        }
        foreach (string winners in new[] { "[1]", "[-2]", "[0,0]", "[]" })
        {
            string text = $$"""{"v":1,"inc":1,"seq":1,"epoch":0,"t":0,"robots":["a"],"stamps":[1],"tasks":["t"],"bids":[1],"winners":{{winners}}}""";
            Assert.False(CbbaMessage.TryRead(Encoding.UTF8.GetBytes(text), new FleetNames(), new CbbaMessage(), out _));
        }
    }

    [Fact]
    public void Parsers_AnyBytes_NeverThrow()
    {
        var random = RandomStream.For(7, "fuzz");
        var names = new FleetNames();
        var envelope = new FleetEnvelope(3, 1, 77, 5);
        byte[][] seeds =
        [
            Text(j => new LeaseClaim("t", 77, 3, Duration.FromSeconds(4), 2, 5, true).Write(j, envelope)), Text(j => new LeaseVote("t", 77, "h", 3, 2, true, 78, true).Write(j, envelope)),
            Text(j => new ElectionVote(9, "c", true, true, 1).Write(j, envelope)), Text(j => new StatusMessage(RobotPresence.Online, "x", 1, 1).Write(j, envelope)),
            Text(j => new FleetTask { Id = "t", Kind = "ä", By = "r" }.Write(j, envelope)), Text(j => new TaskReport(ReportState.Done, 1, 0, 3).Write(j, envelope)),
            Encoding.UTF8.GetBytes("""{"v":1,"inc":1,"seq":1,"epoch":0,"t":0,"robots":["a"],"stamps":[1],"tasks":["t"],"bids":[1.5],"winners":[0]}"""), new byte[80],
        ];
        Known.Write(seeds[7]);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = [.. seeds[random.NextInt32(seeds.Length)]];
            for (int k = random.NextInt32(4); k >= 0 && bytes.Length > 0; k--)
            {
                int at = random.NextInt32(bytes.Length);
                if (random.NextInt32(4) == 0) bytes = bytes[..at];
                else bytes[at] = random.NextInt32(2) == 0 ? (byte)random.NextUInt64() : (byte)"{}[],:\"\\0-9eE."[random.NextInt32(14)];
            }
            LeaseClaim.TryRead(bytes, "t", out _, out _);
            LeaseVote.TryRead(bytes, "t", names, out _, out _);
            ElectionRequest.TryRead(bytes, out _, out _);
            ElectionVote.TryRead(bytes, names, out _, out _);
            StatusMessage.TryRead(bytes, out _, out _);
            FleetTask.TryRead(bytes, "t", names, out _, out _);
            TaskReport.TryRead(bytes, out _, out _);
            CbbaMessage.TryRead(bytes, names, new CbbaMessage(), out _);
            Beacon.TryRead(bytes, out _);
        }
    }

    [Fact]
    public void Parsers_HostileSizes_AreRefused()
    {
        string deep = """{"v":1,"inc":1,"seq":1,"x":""" + new string('[', 20) + new string(']', 20) + "}";
        Assert.False(ElectionRequest.TryRead(Encoding.UTF8.GetBytes(deep), out _, out _));
        string wide = """{"v":1,"inc":1,"seq":1,"epoch":0,"t":0,"robots":[""" + string.Join(',', Enumerable.Repeat("\"a\"", 1025)) + "]}";
        Assert.False(CbbaMessage.TryRead(Encoding.UTF8.GetBytes(wide), new FleetNames(), new CbbaMessage(), out _));
        Assert.False(ElectionRequest.TryRead(new byte[70_000], out _, out _));
    }

    private static byte[] Text(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        write(json);
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }
}
