using System.Buffers;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors.Tests;

public class Evt2DecoderTests
{
    private static readonly DecoderOptions Sensor = new(170, 150);

    [SkippableTheory]
    [InlineData(8)]
    [InlineData(4)]
    public void Decode_VectorAndScalar_AgreeBitForBit(int lanes)
    {
        Skip.IfNot(lanes == 8 ? Evt2Vectors.Lanes8Supported : Evt2Vectors.Lanes4Supported, $"this machine has no {lanes}-lane path");
        for (ulong seed = 0; seed < 100; seed++)
        {
            byte[] random = Streams.RandomWords(new RandomStream(seed), EventFormat.Evt2, 4000);
            byte[] healthy = DecoderRun.Encode(new Evt2Encoder(170, 150), Streams.Random(new RandomStream(seed), 170, 150, 1000, 1L << 33, 3));
            foreach (byte[] bytes in (byte[][])[random, healthy])
            {
                var scalar = DecoderRun.Whole(new Evt2Decoder(Sensor) { Lanes = 0 }, bytes);
                var vector = DecoderRun.Whole(new Evt2Decoder(Sensor) { Lanes = lanes }, bytes);
                Assert.True(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(scalar.Events)).SequenceEqual(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(vector.Events))));
                vector.AssertSame(scalar);
            }
        }
    }

    [Fact]
    public void Decode_SpareBytesOfEvents_AreZero()
    {
        var output = new Event[64];
        MemoryMarshal.AsBytes(output.AsSpan()).Fill(0xEE);
        byte[] bytes = DecoderRun.Encode(new Evt2Encoder(170, 150), Streams.Random(new RandomStream(1), 170, 150, 64, 1000, 1));
        Assert.Equal(64, new Evt2Decoder(Sensor).Decode(bytes, output, out _));
        for (int i = 0; i < 64; i++) Assert.Equal(new byte[3], MemoryMarshal.AsBytes(output.AsSpan(i, 1))[13..].ToArray());
    }

    [Theory]
    [InlineData(1L << 33, 1, 0)]
    [InlineData((1L << 33) - 64, 0, 1)]
    public void Decode_TimeHighStepsBack_IsAWrapFromHalfTheRangeOn(long stepUs, int wraps, long violations)
    {
        long high = (1L << 34) - 64;
        var decoder = new Evt2Decoder(Sensor);
        var run = DecoderRun.Whole(decoder, Words(High(high), Cd(1, 2, 3), High(high - stepUs), Cd(1, 2, 3)));
        Assert.Equal(wraps, decoder.Wraps);
        Assert.Equal(violations, run.Counters[DecoderViolation.NonMonotonicTimeHigh]);
        Assert.Equal(high - stepUs + 3 + wraps * (1L << 34), run.Events[1].TimeUs);
    }

    [Fact]
    public void Decode_LateTimeHighAfterAWrap_DoesNotThrowTimeForward()
    {
        long top = (1L << 34) - 64;
        var run = DecoderRun.Whole(new Evt2Decoder(Sensor), Words(High(top), Cd(1, 1, 0), High(0), Cd(1, 1, 0), High(top), Cd(1, 1, 0), High(64), Cd(1, 1, 0)));
        Assert.Equal([top, 1L << 34, top, (1L << 34) + 64], run.Events.Select(e => e.TimeUs));
    }

    [Fact]
    public void Decode_TriggersAndOthers_HandsOutTheTriggersAndSkipsTheRest()
    {
        var writer = new ArrayBufferWriter<byte>();
        var encoder = new Evt2Encoder(170, 150);
        encoder.EncodeTrigger(new ExternalTrigger(1000, 5, 1), writer);
        writer.Write(Words(0xE0000014, 0xF0000000 | 1234, 0xE0000016, 0xD0000000));
        encoder.EncodeTrigger(new ExternalTrigger(1063, 31, 0), writer);
        var run = DecoderRun.Whole(new Evt2Decoder(Sensor), writer.WrittenSpan);
        Assert.Equal([new ExternalTrigger(1000, 5, 1), new ExternalTrigger(1063, 31, 0)], run.Triggers);
        Assert.Equal("none", run.Counters.ToString());
    }

    [Fact]
    public void ReadTriggers_MoreThanTheBufferHolds_CountsTheLost()
    {
        var writer = new ArrayBufferWriter<byte>();
        var encoder = new Evt2Encoder(170, 150);
        for (int i = 0; i < 300; i++) encoder.EncodeTrigger(new ExternalTrigger(i, (byte)(i & 31), 1), writer);
        var run = DecoderRun.Whole(new Evt2Decoder(Sensor), writer.WrittenSpan);
        Assert.Equal(Enumerable.Range(0, 256).Select(i => (long)i), run.Triggers.Select(t => t.TimeUs));
        Assert.Equal(44, run.Counters[DecoderViolation.TriggersDropped]);
    }

    [Fact]
    public void TimeUs_TimeHighWithoutEvents_Advances()
    {
        var decoder = new Evt2Decoder(Sensor);
        decoder.Decode(Words(High(6400), Cd(1, 1, 3), High(64_000)), new Event[8], out _);
        Assert.Equal(64_000, decoder.TimeUs);
    }

    private static uint High(long timeUs) => 0x80000000 | (uint)(timeUs >> 6);

    private static uint Cd(uint x, uint y, uint low) => 0x10000000 | low << 22 | x << 11 | y;

    private static byte[] Words(params uint[] words) => MemoryMarshal.AsBytes(words.AsSpan()).ToArray();
}
