using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors.Tests;

/// <summary>What a decoder made of one stream.</summary>
internal sealed record DecoderRun(List<Event> Events, List<ExternalTrigger> Triggers, DecoderCounters Counters)
{
    /// <summary>Decodes a stream cut by the two functions: bytes of the next piece, room of the next output.</summary>
    public static DecoderRun Of(IEventDecoder decoder, ReadOnlySpan<byte> bytes, Func<int> piece, Func<int> room)
    {
        var events = new List<Event>();
        var triggers = new List<ExternalTrigger>();
        var some = new ExternalTrigger[300];
        var buffer = new Event[100_000];
        ReadOnlySpan<byte> waiting = [];
        while (true)
        {
            if (waiting.IsEmpty && !bytes.IsEmpty)
            {
                int cut = Math.Min(piece(), bytes.Length);
                waiting = bytes[..cut];
                bytes = bytes[cut..];
            }
            var output = buffer.AsSpan(0, room());
            // A guard behind the room: nothing may be written there.
            var guard = new Event(-77, 7, 7, 7);
            buffer[output.Length] = guard;
            int n = decoder.Decode(waiting, output, out int consumed);
            Assert.Equal(guard, buffer[output.Length]);
            Assert.InRange(n, 0, output.Length);
            Assert.InRange(consumed, 0, waiting.Length);
            if (n < output.Length) Assert.Equal(waiting.Length, consumed);
            waiting = waiting[consumed..];
            events.AddRange(output[..n]);
            triggers.AddRange(some.AsSpan(0, decoder.ReadTriggers(some)));
            if (n == 0 && waiting.IsEmpty && bytes.IsEmpty && output.Length > 0) break;
        }
        decoder.Flush();
        Assert.Equal(events.Count, decoder.EventCount);
        return new DecoderRun(events, triggers, decoder.Counters);
    }

    public static DecoderRun Whole(IEventDecoder decoder, ReadOnlySpan<byte> bytes) => Of(decoder, bytes, () => int.MaxValue, () => 90_000);

    /// <summary>Decodes in pieces of 1 … <paramref name="most"/> bytes into outputs of 0 … 40 events.</summary>
    public static DecoderRun InPieces(IEventDecoder decoder, ReadOnlySpan<byte> bytes, RandomStream random, int most) =>
        Of(decoder, bytes, () => 1 + random.NextInt32(most), () => random.NextInt32(41));

    public static byte[] Encode(IEventEncoder encoder, ReadOnlySpan<Event> events)
    {
        var writer = new ArrayBufferWriter<byte>();
        encoder.Encode(events, writer);
        return writer.WrittenSpan.ToArray();
    }

    public void AssertSame(DecoderRun other)
    {
        Assert.Equal(other.Events, Events);
        Assert.Equal(other.Triggers, Triggers);
        Assert.Equal(other.Counters.ToString(), Counters.ToString());
    }

    public void AssertSame(ReferenceDecoder reference)
    {
        Assert.Equal(reference.Events, Events);
        Assert.Equal(reference.Counters.ToString(), Counters.ToString());
        // A whole-stream run may meet more triggers than the ring keeps; then only the first are compared.
        Assert.Equal(reference.Triggers.Take(Triggers.Count), Triggers);
    }
}
