using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Sensors.Tests;

/// <summary>What every decoder must hold, on made-up, random, damaged and real streams.</summary>
public class DecoderContractTests
{
    public static TheoryData<EventFormat, int, int> Formats => new()
    {
        { EventFormat.Evt2, 170, 150 },
        { EventFormat.Evt3, 1280, 720 },
        { EventFormat.Evt3, 333, 100 },
        { EventFormat.Nmnist, 34, 34 },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_EncodedEvents_GivesTheSameEventsInTheSameOrder(EventFormat format, int width, int height)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new RandomStream(seed);
            var events = Streams.Random(random, width, height, 5000, startUs: random.NextInt32(1000), mostGapUs: 20_000);
            byte[] bytes = DecoderRun.Encode(EventFormats.CreateEncoder(format, width, height), events);
            var run = DecoderRun.Whole(Make(format, width, height), bytes);
            Assert.Equal(events, run.Events);
            Assert.Equal("none", run.Counters.ToString());
        }
    }

    [Theory]
    [InlineData(EventFormat.Evt2, 34, 0)]
    [InlineData(EventFormat.Evt2, 34, 1)]
    [InlineData(EventFormat.Evt3, 24, 0)]
    [InlineData(EventFormat.Evt3, 24, 1)]
    [InlineData(EventFormat.Evt3, 24, 1L << 10)]
    [InlineData(EventFormat.Nmnist, 23, 0)]
    [InlineData(EventFormat.Nmnist, 23, 1L << 9)]
    public void Decode_EncodedEventsOverAWrap_CountsOneWrapAndKeepsTheTimes(EventFormat format, int periodBits, long loopsBefore)
    {
        long period = 1L << periodBits, start = (loopsBefore + 1) * period - 3_000;
        var events = Streams.Random(new RandomStream(7), 34, 34, 20_000, start, mostGapUs: 100);
        Assert.True(events[^1].TimeUs > start + 3_000, "the stream must cross the wrap");
        byte[] bytes = DecoderRun.Encode(EventFormats.CreateEncoder(format, 34, 34), events);
        var decoder = Make(format, 34, 34);
        var run = DecoderRun.InPieces(decoder, bytes, new RandomStream(1), 999);
        Assert.Equal(1, decoder.Wraps);
        Assert.Equal(events.Select(e => new Event(e.TimeUs - loopsBefore * period, e.X, e.Y, e.Polarity)), run.Events);
        Assert.Equal("none", run.Counters.ToString());
    }

    [Theory]
    [InlineData(10_000_000)]
    [InlineData(60_000_000)]
    [InlineData(5_000_000_000)]
    public void Decode_Evt3AfterLongSilence_KeepsTheTime(long silenceUs)
    {
        Event[] events = [new(5_000, 1, 2, 1), new(5_000 + silenceUs, 3, 4, 0), new(5_001 + silenceUs, 5, 6, 1)];
        byte[] bytes = DecoderRun.Encode(new Evt3Encoder(1280, 720), events);
        Assert.Equal(events, DecoderRun.Whole(Make(EventFormat.Evt3, 1280, 720), bytes).Events);
        Assert.InRange(bytes.Length, 1, 20_000);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_RandomWords_EqualsTheReference(EventFormat format, int width, int height)
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            byte[] bytes = Streams.RandomWords(new RandomStream(seed), format, 4001);
            var reference = ReferenceDecoder.Decode(format, bytes, width, height);
            var whole = DecoderRun.Whole(Make(format, width, height), bytes);
            Assert.Equal(reference.Events, whole.Events);
            var pieces = DecoderRun.InPieces(Make(format, width, height), bytes, new RandomStream(seed + 1), 30);
            pieces.AssertSame(reference);
            Assert.Equal(reference.Triggers, pieces.Triggers);
            if (format != EventFormat.Nmnist) Assert.True(whole.Counters.Total > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_AnyChunking_EqualsTheWhole(EventFormat format, int width, int height)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            var random = new RandomStream(seed);
            var events = Streams.Random(random, width, height, 1500, startUs: 100, mostGapUs: 9_000);
            byte[] bytes = Streams.Damage(random, DecoderRun.Encode(EventFormats.CreateEncoder(format, width, height), events), times: 40);
            var whole = DecoderRun.Whole(Make(format, width, height), bytes);
            DecoderRun.Of(Make(format, width, height), bytes, () => 1, () => 1).AssertSame(whole);
            DecoderRun.Of(Make(format, width, height), bytes, () => 3, () => 1000).AssertSame(whole);
            DecoderRun.InPieces(Make(format, width, height), bytes, random, 100).AssertSame(whole);
            Assert.True(whole.Counters.Total > 0, "damage must be counted");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_RandomBytes_NeverThrowsNorLeavesTheSensor(EventFormat format, int width, int height)
    {
        var random = new RandomStream(99);
        var bytes = new byte[50_000];
        for (int round = 0; round < 40; round++)
        {
            for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)random.NextUInt64();
            var run = DecoderRun.InPieces(Make(format, width, height), bytes, random, 5000);
            Assert.All(run.Events, e => Assert.True(e.X < width && e.Y < height && e.Polarity < 2));
            Assert.InRange(run.Events.Count, 0, bytes.Length * 6);
            Assert.True(run.Counters.Total > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Decode_AfterWarmUp_AllocatesNothing(EventFormat format, int width, int height)
    {
        byte[] bytes = Streams.RandomWords(new RandomStream(3), format, 8001);
        var decoder = Make(format, width, height);
        var output = new Event[500];
        var triggers = new ExternalTrigger[10];
        Assert.Equal(0, Allocations.Least(5, _ =>
        {
            decoder.Reset();
            for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty;)
            {
                decoder.Decode(rest, output, out int consumed);
                decoder.ReadTriggers(triggers);
                rest = rest[consumed..];
            }
            decoder.Flush();
        }));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Reset_AfterADamagedStream_StartsLikeNew(EventFormat format, int width, int height)
    {
        byte[] bytes = Streams.RandomWords(new RandomStream(5), format, 3001);
        var decoder = Make(format, width, height);
        var first = DecoderRun.Of(decoder, bytes, () => 1000, () => 100);
        decoder.Decode(bytes.AsSpan(0, 1001), new Event[3], out _);
        decoder.Reset();
        Assert.Equal((0L, 0L, 0, long.MinValue), (decoder.EventCount, decoder.Counters.Total, decoder.Wraps, decoder.TimeUs));
        DecoderRun.Of(decoder, bytes, () => 1000, () => 100).AssertSame(first);
    }

    [SkippableTheory]
    [InlineData("prophesee/gen3_640x480_evt2_50ms.raw", 0)]
    [InlineData("prophesee/gen41_1280x720_evt3_9ms.raw", 0)]
    [InlineData("prophesee/gen3_640x480_evt2_50ms.raw", 500)]
    [InlineData("prophesee/gen41_1280x720_evt3_9ms.raw", 500)]
    public void Decode_RealStreamWholeOrDamaged_EqualsTheReference(string file, int damage)
    {
        var info = EventFile.Inspect(SharedData.Require("events/" + file));
        var random = new RandomStream(11);
        byte[] bytes = Streams.Damage(random, File.ReadAllBytes(info.Path).AsSpan(info.HeaderBytes), damage);
        var reference = ReferenceDecoder.Decode(info.Format, bytes, info.Width, info.Height);
        DecoderRun.InPieces(Make(info.Format, info.Width, info.Height), bytes, random, most: 400).AssertSame(reference);
        if (damage == 0) Assert.Equal("none", reference.Counters.ToString());
    }

    private static IEventDecoder Make(EventFormat format, int width, int height) => EventFormats.CreateDecoder(format, new DecoderOptions(width, height));
}
