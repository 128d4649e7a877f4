using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Decodes Prophesee EVT2.0: little-endian 32-bit words, type in bits 31…28.</summary>
/// <remarks>
/// Source of the layout: OpenEB evt2_event_types.h. Time is (TIME_HIGH « 6) + 6 bits per event, 34 bits that wrap every 4 h 46 min; a wrap is a step
/// back by half the range or more. A word from just before a wrap that comes late (within 2^20 µs of the top) does not move time a whole period ahead.
/// Runs of event words go through a vector path of 8 or 4 words, bit-equal to the scalar one. See <see cref="IEventDecoder"/> for the contract.
/// </remarks>
public sealed class Evt2Decoder : EventDecoder
{
    private const long Period = 1L << 34, HalfPeriod = Period / 2, LateWindow = 1L << 20;
    private const int ScalarStretch = 24;
    private readonly Vector256<int> _maxX, _maxY;
    private long _rawHigh, _loops, _base, _lastUs;
    private bool _haveTime;

    /// <summary>Makes a decoder.</summary>
    public Evt2Decoder(DecoderOptions options)
        : base(EventFormat.Evt2, options, wordBytes: 4, maxEventsPerWord: 1)
    {
        _maxX = Vector256.Create(Width - 1);
        _maxY = Vector256.Create(Height - 1);
        Lanes = Evt2Vectors.BestLanes;
        ResetState();
    }

    /// <inheritdoc/>
    public override long TimeUs => _haveTime ? Math.Max(_base, _lastUs) : long.MinValue;

    /// <summary>Gets or sets how many words the vector path takes at once: 8, 4, or 0 for the scalar path alone. Tests compare them.</summary>
    internal int Lanes { get; set; }

    private protected override int DecodeWords(ReadOnlySpan<byte> words, Span<Event> output, out int used)
    {
        // Sound: the words are read unaligned within `words`, and at most `output.Length` events are written: a vector step needs room for all its lanes.
        ref uint input = ref Unsafe.As<byte, uint>(ref MemoryMarshal.GetReference(words));
        ref Event events = ref MemoryMarshal.GetReference(output);
        Debug.Assert(BitConverter.IsLittleEndian, "EVT2 words are little-endian.");
        int n = words.Length / 4, room = output.Length, i = 0, k = 0, lanes = Lanes;
        // Until this index words go one by one: set ahead when a vector step finds a time word at its very start, so that a stream
        // with a time word per event is not slowed down by vector steps that lead nowhere.
        int scalarUntil = _haveTime && lanes != 0 ? 0 : int.MaxValue;
        while (i < n && k < room)
        {
            if (i >= scalarUntil && n - i >= lanes && room - k >= lanes)
            {
                int good = VectorRun(ref input, ref events, n, room, lanes, ref i, ref k);
                if (i == n || k == room) break;
                if (good < 2) scalarUntil = i + ScalarStretch;
            }
            uint word = Unsafe.ReadUnaligned<uint>(ref Unsafe.As<uint, byte>(ref Unsafe.Add(ref input, i)));
            i++;
            if (word >> 28 <= 1)
            {
                k += ScalarEvent(word, ref Unsafe.Add(ref events, k));
                continue;
            }
            OtherWord(word);
            if (scalarUntil == int.MaxValue && _haveTime && lanes != 0) scalarUntil = i;
        }
        used = i * 4;
        return k;
    }

    private protected override void ResetState()
    {
        _rawHigh = _loops = _base = 0;
        _lastUs = long.MinValue;
        _haveTime = false;
    }

    /// <summary>Takes vector steps until one meets a word that is not an event inside the sensor, or words or room run out.</summary>
    /// <returns>How many good words the last step found.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int VectorRun(ref uint input, ref Event events, int n, int room, int lanes, ref int i, ref int k)
    {
        int at = i, to = k, good = lanes, end = Math.Min(n - lanes, i + (room - lanes - k)), backwards = 0;
        long time = _base, last = _lastUs;
        if (lanes == 8)
        {
            for (; at <= end && good == 8; at += good, to += good)
                good = Evt2Vectors.Convert8(ref Unsafe.Add(ref input, at), ref Unsafe.Add(ref events, to), time, _maxX, _maxY, ref last, ref backwards);
        }
        else
        {
            var maxX = _maxX.GetLower();
            var maxY = _maxY.GetLower();
            for (; at <= end && good == 4; at += good, to += good)
                good = Evt2Vectors.Convert4(ref Unsafe.Add(ref input, at), ref Unsafe.Add(ref events, to), time, maxX, maxY, ref last, ref backwards);
        }
        i = at;
        k = to;
        _lastUs = last;
        if (backwards != 0) Count(DecoderViolation.BackwardsTime, backwards);
        return good;
    }

    private int ScalarEvent(uint word, ref Event target)
    {
        uint x = (word >> 11) & 0x7FF, y = word & 0x7FF;
        if (!_haveTime)
        {
            Count(DecoderViolation.EventsBeforeTime);
            return 0;
        }
        if (x >= (uint)Width || y >= (uint)Height)
        {
            Count(DecoderViolation.OutOfBoundsEventCoordinate);
            return 0;
        }
        long t = _base + ((word >> 22) & 63);
        if (t < _lastUs) Count(DecoderViolation.BackwardsTime);
        _lastUs = t;
        target = new Event(t, (ushort)x, (ushort)y, (byte)(word >> 28));
        return 1;
    }

    private void OtherWord(uint word)
    {
        switch (word >> 28)
        {
            case 0x8:
                TimeHigh((long)(word & 0x0FFFFFFF) << 6);
                break;
            case 0xA:
                if (_haveTime) AddTrigger(_base + ((word >> 22) & 63), (word >> 8) & 31, word & 1);
                else Count(DecoderViolation.EventsBeforeTime);
                break;
            case 0xD or 0xE or 0xF:
                // IMU, monitoring and their continuations carry no events; an OTHERS word without a continuation is legal.
                break;
            default:
                Count(DecoderViolation.UnknownWord);
                break;
        }
    }

    private void TimeHigh(long raw)
    {
        if (!_haveTime)
        {
            _haveTime = true;
            if (Origin == TimeOrigin.Shifted) ShiftUs = raw;
        }
        else if (raw < _rawHigh)
        {
            if (_rawHigh - raw >= HalfPeriod)
            {
                _loops += Period;
                Wraps++;
            }
            else
            {
                Count(DecoderViolation.NonMonotonicTimeHigh);
            }
        }
        else if (_loops > 0 && raw - _rawHigh >= Period - LateWindow)
        {
            // The same guard as EVT3's: one late word after a wrap would throw time a whole period forward for good.
            _loops -= Period;
            Wraps--;
            Count(DecoderViolation.NonMonotonicTimeHigh);
        }
        _rawHigh = raw;
        _base = _loops + raw - ShiftUs;
    }
}
