using System.Buffers.Binary;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Decodes N-MNIST, N-Caltech101 and SLAYER 2-D files (.bin, .bs2): 5 bytes an event, x, y, polarity and 23 bits of time, big-endian.</summary>
/// <remarks>
/// Source of the layout: slayerPytorch spikeFileIO. Time wraps every 2^23 µs (8.4 s); a step back by more than half of that is a wrap, a smaller one is
/// kept and counted. See <see cref="IEventDecoder"/> for the contract.
/// </remarks>
public sealed class NmnistDecoder : EventDecoder
{
    private const int RecordBytes = 5, Period = 1 << 23;
    private const byte OverflowRow = 240;
    private const long OverflowStep = 1 << 13;
    private readonly bool _overflowRecords;
    private long _loops, _overflow, _lastUs;
    private int _rawTime;
    private bool _haveTime;

    /// <summary>Makes a decoder.</summary>
    public NmnistDecoder(DecoderOptions options)
        : base(EventFormat.Nmnist, options, RecordBytes, maxEventsPerWord: 1)
    {
        _overflowRecords = options.NmnistOverflowRecords;
        ResetState();
    }

    /// <inheritdoc/>
    public override long TimeUs => _haveTime ? _loops + _overflow + _rawTime : long.MinValue;

    private protected override int DecodeWords(ReadOnlySpan<byte> words, Span<Event> output, out int used)
    {
        int i = 0, k = 0, width = Width, height = Height, previous = _rawTime;
        long last = _lastUs, loops = _loops;
        bool have = _haveTime;
        for (; i < words.Length && k < output.Length; i += RecordBytes)
        {
            byte x = words[i], y = words[i + 1];
            uint rest = (uint)words[i + 2] << 16 | BinaryPrimitives.ReadUInt16BigEndian(words[(i + 3)..]);
            int raw = (int)(rest & 0x7FFFFF);
            if (have && previous - raw > Period / 2)
            {
                loops += Period;
                Wraps++;
            }
            have = true;
            previous = raw;
            if (_overflowRecords && y == OverflowRow && x == 0)
            {
                _overflow += OverflowStep;
                continue;
            }
            if (x >= width || y >= height)
            {
                Count(DecoderViolation.OutOfBoundsEventCoordinate);
                continue;
            }
            long t = loops + _overflow + raw;
            if (t < last) Count(DecoderViolation.BackwardsTime);
            last = t;
            output[k++] = new Event(t, x, y, (byte)(rest >> 23));
        }
        _rawTime = previous;
        _lastUs = last;
        _loops = loops;
        _haveTime = have;
        used = i;
        return k;
    }

    private protected override void ResetState()
    {
        _loops = _overflow = 0;
        _lastUs = long.MinValue;
        _rawTime = 0;
        _haveTime = false;
    }
}
