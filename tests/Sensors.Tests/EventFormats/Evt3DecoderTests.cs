using System.Buffers;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors.Tests;

public class Evt3DecoderTests
{
    private static readonly DecoderOptions Sensor = new(1280, 720);

    [Fact]
    public void Decode_TimeLowDecreases_IsAnAssignmentNotAWrap()
    {
        var run = Run(0x8005, 0x6FFF, 0x0001, 0x2002, 0x6001, 0x2003);
        Assert.Equal([0x5FFF, 0x5001], run.Events.Select(e => e.TimeUs));
        Assert.Equal(1, run.Counters[DecoderViolation.BackwardsTime]);
    }

    [Fact]
    public void Decode_TimeHighChanges_ResetsTimeLow()
    {
        Assert.Equal([0x5123, 0x5123, 0x6000], Run(0x8005, 0x6123, 0x0001, 0x2002, 0x8005, 0x2002, 0x8006, 0x2002).Events.Select(e => e.TimeUs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(2047)]
    public void Decode_TimeHighStepsBackALittle_IsCountedAndNoWrap(int steps)
    {
        var run = Run((ushort)(0x8000 | 3000), 0x0001, 0x2002, (ushort)(0x8000 | 3000 - steps), 0x2002);
        Assert.Equal((3000L - steps) << 12, run.Events[1].TimeUs);
        Assert.Equal(1, run.Counters[DecoderViolation.NonMonotonicTimeHigh]);
        Assert.Equal(1, run.Counters[DecoderViolation.BackwardsTime]);
    }

    [Fact]
    public void Decode_LateWordOverTheWrap_DoesNotThrowTimeForward()
    {
        var run = Run(0x8FFF, 0x0001, 0x2002, 0x8000, 0x2002, 0x8FFF, 0x2002, 0x8000, 0x2002, 0x8001, 0x2002);
        long wrap = 1 << 24;
        Assert.Equal([wrap - 4096, wrap, wrap - 4096, wrap, wrap + 4096], run.Events.Select(e => e.TimeUs));
        Assert.Equal(1, run.Counters[DecoderViolation.NonMonotonicTimeHigh]);
    }

    [Fact]
    public void Decode_TimeHighJumpsAhead_IsCountedAsInformation()
    {
        Assert.Equal("NonContinuousTimeHigh 1", Run(0x8005, 0x8006, 0x8008, 0x8008).Counters.ToString());
    }

    [Theory]
    [InlineData(new ushort[] { 0x4003 }, new[] { 100, 101 }, 1)]
    [InlineData(new ushort[] { 0x4001, 0x4800 }, new[] { 100, 123 }, 1)]
    [InlineData(new ushort[] { 0x5081 }, new[] { 100, 107 }, 1)]
    [InlineData(new ushort[] { 0x4000, 0x4000, 0x5F01 }, new[] { 124 }, 0)]
    [InlineData(new ushort[] { 0x4FFF, 0x4FFF, 0x50FF }, null, 0)]
    public void Decode_VectorGroupWholeOrPartial_HandlesEachWordByItself(ushort[] vectors, int[]? columns, long broken)
    {
        var run = Run([0x8001, 0x0005, 0x3800 | 100, .. vectors, 0x2000 | 7]);
        columns ??= [.. Enumerable.Range(100, 32)];
        Assert.Equal([.. columns, 7], run.Events.Select(e => (int)e.X));
        Assert.Equal([.. columns.Select(_ => 1), 0], run.Events.Select(e => (int)e.Polarity));
        Assert.All(run.Events, e => Assert.Equal(5, e.Y));
        Assert.Equal(broken, run.Counters[DecoderViolation.PartialVectorGroup]);
    }

    [Fact]
    public void Decode_VectorOverTheRightBorder_DropsThePixelsOutside()
    {
        var run = Run(0x8001, 0x0005, 0x3000 | 1274, 0x4FFF, 0x4FFF, 0x50FF);
        Assert.Equal(Enumerable.Range(1274, 6), run.Events.Select(e => (int)e.X));
        Assert.Equal(26, run.Counters[DecoderViolation.OutOfBoundsEventCoordinate]);
        Assert.Equal(3, run.Counters[DecoderViolation.InvalidVectBase]);
    }

    [Fact]
    public void Decode_RowOutside_DropsUntilTheNextValidRow()
    {
        var run = Run(0x8001, 0x0000 | 720, 0x2001, 0x3000, 0x4007, 0x0000 | 719, 0x2001);
        Assert.Equal([new Event(4096, 1, 719, 0)], run.Events);
        Assert.Equal(4, run.Counters[DecoderViolation.OutOfBoundsEventCoordinate]);
    }

    [Fact]
    public void Decode_BeforeTimeRowAndBase_DropsAndCountsEachKind()
    {
        var run = Run(0x0005, 0x2001, 0x4007, 0x8001, 0x2001, 0x4007, 0x0005, 0x4007, 0x2001);
        Assert.Equal([new Event(4096, 1, 5, 0)], run.Events);
        Assert.Equal(4, run.Counters[DecoderViolation.EventsBeforeTime]);
        Assert.Equal(1, run.Counters[DecoderViolation.MissingYAddr]);
        Assert.Equal(2, run.Counters[DecoderViolation.InvalidVectBase]);
    }

    [Fact]
    public void Decode_PaddingReservedAndGreyLevelWords_AreCountedAndSkipped()
    {
        var run = Run(0x8001, 0x0005, 0x9999, 0xB123, 0xC000, 0xDFFF, 0x9998, 0x2001, 0x1007, 0x2002, 0x0006, 0x2003);
        Assert.Equal([(1, 5), (3, 6)], run.Events.Select(e => ((int)e.X, (int)e.Y)));
        Assert.Equal(1, run.Counters[DecoderViolation.PaddingWord]);
        Assert.Equal(5, run.Counters[DecoderViolation.UnknownWord]);
        Assert.Equal(1, run.Counters[DecoderViolation.MissingYAddr]);
    }

    [Theory]
    [InlineData(new ushort[] { 0xE014, 0xF001, 0xF002, 0x7003 }, 0)]
    [InlineData(new ushort[] { 0xE014, 0xE014, 0xF001, 0xF002, 0x7003 }, 0)]
    [InlineData(new ushort[] { 0xE014, 0xF001, 0x7003 }, 1)]
    [InlineData(new ushort[] { 0xE014, 0xF001, 0xE014 }, 1)]
    [InlineData(new ushort[] { 0x7003 }, 1)]
    [InlineData(new ushort[] { 0xE014, 0xF001 }, 1)]
    public void Decode_OthersGroups_CountsTheBrokenOnesHoweverCut(ushort[] words, long broken)
    {
        byte[] bytes = [.. Bytes([0x8001]), .. Bytes(words)];
        var whole = DecoderRun.Whole(new Evt3Decoder(Sensor), bytes);
        Assert.Equal(broken, whole.Counters[DecoderViolation.PartialContinuedGroup]);
        DecoderRun.Of(new Evt3Decoder(Sensor), bytes, () => 1, () => 1).AssertSame(whole);
    }

    [Fact]
    public void Decode_FirstWordsOfTheNotes_GivesTheirTime()
    {
        Assert.Equal(new Event(11_718_656, 874, 200, 0), Run(0x8B2D, 0x6000, 0x00C8, 0x236A, 0x2B26).Events[0]);
    }

    [Fact]
    public void Decode_Triggers_CarryTheirTime()
    {
        var writer = new ArrayBufferWriter<byte>();
        var encoder = new Evt3Encoder(1280, 720);
        encoder.EncodeTrigger(new ExternalTrigger(5000, 3, 1), writer);
        encoder.EncodeTrigger(new ExternalTrigger(5001, 15, 0), writer);
        Assert.Equal([new ExternalTrigger(5000, 3, 1), new ExternalTrigger(5001, 15, 0)], DecoderRun.Whole(new Evt3Decoder(Sensor), writer.WrittenSpan).Triggers);
    }

    [Fact]
    public void Encode_DenseRow_PacksIntoVectors()
    {
        var events = Enumerable.Range(64, 32).Select(x => new Event(4096, (ushort)x, 9, 1)).ToArray();
        byte[] bytes = DecoderRun.Encode(new Evt3Encoder(1280, 720), events);
        Assert.Equal(Bytes([0x8001, 0x0009, 0x3800 | 64, 0x4FFF, 0x4FFF, 0x50FF]), bytes);
    }

    private static DecoderRun Run(params ushort[] words) => DecoderRun.Whole(new Evt3Decoder(Sensor), Bytes(words));

    private static byte[] Bytes(ushort[] words) => MemoryMarshal.AsBytes(words.AsSpan()).ToArray();
}
