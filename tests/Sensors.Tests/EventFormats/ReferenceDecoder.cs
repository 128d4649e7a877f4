using System.Buffers.Binary;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors.Tests;

/// <summary>The rules of the formats written down a second time, slowly and plainly, on the whole stream at once: what the fast decoders are held against.</summary>
internal sealed class ReferenceDecoder(int width, int height)
{
    private long _last = long.MinValue;

    public List<Event> Events { get; } = [];

    public List<ExternalTrigger> Triggers { get; } = [];

    public DecoderCounters Counters;

    public static ReferenceDecoder Decode(EventFormat format, ReadOnlySpan<byte> bytes, int width, int height)
    {
        var reference = new ReferenceDecoder(width, height);
        if (format == EventFormat.Evt2) reference.Evt2(bytes);
        else if (format == EventFormat.Evt3) reference.Evt3(bytes);
        else reference.Nmnist(bytes);
        return reference;
    }

    private void Evt2(ReadOnlySpan<byte> bytes)
    {
        bool have = false;
        long previous = 0, loops = 0;
        for (; bytes.Length >= 4; bytes = bytes[4..])
        {
            uint w = BinaryPrimitives.ReadUInt32LittleEndian(bytes), type = w >> 28;
            long t = previous + loops + (w >> 22 & 63);
            if (type == 8)
            {
                long raw = (long)(w & 0xFFFFFFF) << 6;
                if (have && raw < previous)
                {
                    if (previous - raw >= 1L << 33) loops += 1L << 34;
                    else Counters.Add(DecoderViolation.NonMonotonicTimeHigh);
                }
                else if (have && loops > 0 && raw - previous >= (1L << 34) - (1L << 20))
                {
                    loops -= 1L << 34;
                    Counters.Add(DecoderViolation.NonMonotonicTimeHigh);
                }
                (have, previous) = (true, raw);
            }
            else if (type is 0 or 1)
            {
                if (!have) Counters.Add(DecoderViolation.EventsBeforeTime);
                else Emit(t, (int)(w >> 11 & 0x7FF), (int)(w & 0x7FF), (int)type);
            }
            else if (type == 0xA)
            {
                if (!have) Counters.Add(DecoderViolation.EventsBeforeTime);
                else Triggers.Add(new ExternalTrigger(t, (byte)(w >> 8 & 31), (byte)(w & 1)));
            }
            else if (type is not (0xD or 0xE or 0xF))
            {
                Counters.Add(DecoderViolation.UnknownWord);
            }
        }
        Tail(bytes.Length);
    }

    private void Evt3(ReadOnlySpan<byte> bytes)
    {
        int high = -1, low = 0, y = -1, x = -1, polarity = 0, group = 0, more = 0;
        long loop = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            int w = BinaryPrimitives.ReadUInt16LittleEndian(bytes), type = w >> 12, data = w & 0xFFF;
            if (high < 0 && type != 8)
            {
                int lost = type is 2 or 0xA ? 1 : type == 4 ? int.PopCount(data) : type == 5 ? int.PopCount(data & 0xFF) : 0;
                Counters.Add(DecoderViolation.EventsBeforeTime, lost);
                continue;
            }
            long t = loop * 4096 * 4096 + high * 4096L + low;
            switch (type)
            {
                case 0:
                    y = data & 0x7FF;
                    break;
                case 1:
                    y = -1;
                    Counters.Add(DecoderViolation.UnknownWord);
                    break;
                case 2:
                    if (y < 0) Counters.Add(DecoderViolation.MissingYAddr);
                    else Emit(t, data & 0x7FF, y, data >> 11);
                    break;
                case 3:
                    if (group != 0) Counters.Add(DecoderViolation.PartialVectorGroup);
                    group = 0;
                    x = data & 0x7FF;
                    polarity = data >> 11;
                    break;
                case 4 or 5:
                    int pixels = type == 4 ? 12 : 8;
                    bool inOrder = type == 4 ? group < 2 : group == 2;
                    if (!inOrder) Counters.Add(DecoderViolation.PartialVectorGroup);
                    group = type == 5 ? 0 : inOrder ? group + 1 : 1;
                    if (x < 0)
                    {
                        Counters.Add(DecoderViolation.InvalidVectBase);
                        break;
                    }
                    if (x + pixels > width) Counters.Add(DecoderViolation.InvalidVectBase);
                    for (int i = 0; i < pixels; i++)
                    {
                        if ((data >> i & 1) == 0) continue;
                        if (y < 0) Counters.Add(DecoderViolation.MissingYAddr);
                        else Emit(t, x + i, y, polarity);
                    }
                    x += pixels;
                    break;
                case 6:
                    low = data;
                    break;
                case 8:
                    if (high >= 0 && data != high)
                    {
                        if (high >= 2048 + data)
                        {
                            loop++;
                            if (data + 4096 - high > 1) Counters.Add(DecoderViolation.NonContinuousTimeHigh);
                        }
                        else if (data < high)
                        {
                            Counters.Add(DecoderViolation.NonMonotonicTimeHigh);
                        }
                        else if (loop > 0 && data - high >= 3841)
                        {
                            loop--;
                            Counters.Add(DecoderViolation.NonMonotonicTimeHigh);
                        }
                        else if (data - high > 1)
                        {
                            Counters.Add(DecoderViolation.NonContinuousTimeHigh);
                        }
                    }
                    if (data != high) low = 0;
                    high = data;
                    break;
                case 0xA:
                    Triggers.Add(new ExternalTrigger(t, (byte)(data >> 8), (byte)(data & 1)));
                    break;
                case 0xE:
                    if (more is 2 or 3) Counters.Add(DecoderViolation.PartialContinuedGroup);
                    more = 1;
                    break;
                case 0xF or 7:
                    bool expected = type == 7 ? more == 3 : more is 1 or 2;
                    if (!expected) Counters.Add(DecoderViolation.PartialContinuedGroup);
                    more = expected && type != 7 ? more + 1 : 0;
                    break;
                default:
                    Counters.Add(w == 0x9999 ? DecoderViolation.PaddingWord : DecoderViolation.UnknownWord);
                    break;
            }
        }
        if (group != 0) Counters.Add(DecoderViolation.PartialVectorGroup);
        if (more is 2 or 3) Counters.Add(DecoderViolation.PartialContinuedGroup);
        Tail(bytes.Length);
    }

    private void Nmnist(ReadOnlySpan<byte> bytes)
    {
        long previous = -1, loops = 0;
        for (; bytes.Length >= 5; bytes = bytes[5..])
        {
            long raw = (bytes[2] & 127) * 65536 + bytes[3] * 256 + bytes[4];
            if (previous - raw > 1 << 22) loops++;
            previous = raw;
            Emit(loops * (1 << 23) + raw, bytes[0], bytes[1], bytes[2] >> 7);
        }
        Tail(bytes.Length);
    }

    private void Emit(long t, int x, int y, int polarity)
    {
        if (x >= width || y >= height)
        {
            Counters.Add(DecoderViolation.OutOfBoundsEventCoordinate);
            return;
        }
        if (t < _last) Counters.Add(DecoderViolation.BackwardsTime);
        _last = t;
        Events.Add(new Event(t, (ushort)x, (ushort)y, (byte)polarity));
    }

    private void Tail(int bytes)
    {
        if (bytes > 0) Counters.Add(DecoderViolation.TruncatedTail);
    }
}
