using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>Decodes Prophesee EVT3.0: little-endian 16-bit words with state, type in bits 15…12.</summary>
/// <remarks>
/// Source of the layout: OpenEB evt3_event_types.h. Time is 12 high and 12 low bits that wrap every 16.777216 s. The rules that peers get wrong: TIME_LOW is
/// an assignment and never wraps; a wrap of TIME_HIGH is a step back by half the range; a word from before a wrap that comes late moves the loop
/// back instead of throwing time 16.8 s forward; each vector word stands for itself. An event word costs no branch: it is always written, and counted
/// only when it is one. See <see cref="IEventDecoder"/> for the contract.
/// </remarks>
public sealed class Evt3Decoder : EventDecoder
{
    // A base so far right that every vector word on it takes the slow path: no base word was seen.
    private const int NoBase = 1 << 20;
    private const int MaxEventsPerWord = 12;
    private const ulong RowBits = 0xFFFF0000, RowKnown = 1;

    private long _loop, _time, _lastUs;
    private ulong _row;
    private int _high, _low, _base, _vectorPosition, _continuedPosition;
    private ulong _basePolarity;
    private bool _haveTime;

    /// <summary>Makes a decoder.</summary>
    public Evt3Decoder(DecoderOptions options)
        : base(EventFormat.Evt3, options, wordBytes: 2, MaxEventsPerWord)
    {
        ResetState();
    }

    /// <inheritdoc/>
    public override long TimeUs => _haveTime ? _time : long.MinValue;

    private protected override int DecodeWords(ReadOnlySpan<byte> words, Span<Event> output, out int used)
    {
        // Sound: words are read inside `words`; a batch is as long as the room allows when every word gives its most events (12), so even the
        // unconditional writes below stay inside `output`.
        ref ushort input = ref Unsafe.As<byte, ushort>(ref MemoryMarshal.GetReference(words));
        ref ulong slots = ref Unsafe.As<Event, ulong>(ref MemoryMarshal.GetReference(output));
        Debug.Assert(BitConverter.IsLittleEndian, "EVT3 words are little-endian.");
        int n = words.Length / 2, i = _haveTime ? 0 : SkipToTime(ref input, n);
        nint k = 0, mark = 0;
        while (i < n && output.Length - k >= MaxEventsPerWord)
        {
            int end = (int)Math.Min(n, i + (output.Length - k) / MaxEventsPerWord);
            i = DecodeBatch(ref input, i, end, ref slots, ref k, ref mark);
        }
        Settle(k, ref mark);
        used = i * 2;
        return (int)k;
    }

    private protected override void ResetState()
    {
        _loop = _time = 0;
        _lastUs = long.MinValue;
        _row = 0;
        _high = _low = _vectorPosition = _continuedPosition = 0;
        _base = NoBase;
        _basePolarity = 0;
        _haveTime = false;
    }

    private protected override void FlushState()
    {
        if (_vectorPosition != 0) Count(DecoderViolation.PartialVectorGroup);
        if (_continuedPosition is 2 or 3) Count(DecoderViolation.PartialContinuedGroup);
        _vectorPosition = _continuedPosition = 0;
    }

    /// <summary>Decodes words [<paramref name="i"/>, <paramref name="end"/>).</summary>
    /// <param name="input">All words.</param>
    /// <param name="i">The first word.</param>
    /// <param name="end">Behind the last word.</param>
    /// <param name="slots">The output, two 64-bit halves an event: time, then x + y·2^16 + polarity·2^32.</param>
    /// <param name="count">Events written so far.</param>
    /// <param name="mark">Events written when time last changed.</param>
    private int DecodeBatch(ref ushort input, int i, int end, ref ulong slots, ref nint count, ref nint mark)
    {
        // The row is one register: y in bits 16…31 (where the event wants it), bit 0 set once there was a row address, and above bit 32 the
        // columns allowed in this row, which is 0 while there is no valid row. One masked move updates all three.
        ulong row = _row, time = (ulong)_time;
        nint k = count;
        int width = Width, height = Height;
        for (; i < end; i++)
        {
            uint word = Unsafe.Add(ref input, i);
            uint value = word & 0x7FF;
            if ((word & 0xD000) == 0)
            {
                // ADDR_Y (0) or ADDR_X (2): five words in six of a real stream, in an order no branch predictor can learn.
                ulong isX = (word >> 13) & 1;
                ref ulong slot = ref Unsafe.Add(ref slots, k * 2);
                slot = time;
                Unsafe.Add(ref slot, 1) = value | (row & RowBits) | ((ulong)(word & 0x800) << 21);
                ulong outside = ((row >> 32) - 1 - value) >> 63;
                if ((isX & outside) != 0)
                {
                    CountOutside(row, 1);
                    continue;
                }
                k += (nint)isX;
                ulong newRow = RowKnown | ((ulong)value << 16) | ((ulong)(uint)(width & (((int)value - height) >> 31)) << 32);
                ulong keep = 0 - isX;
                row = (row & keep) | (newRow & ~keep);
                continue;
            }
            switch (word >> 12)
            {
                case 0x3:
                    if (_vectorPosition != 0) Count(DecoderViolation.PartialVectorGroup);
                    _vectorPosition = 0;
                    _base = (int)value;
                    _basePolarity = (ulong)(word & 0x800) << 21;
                    break;
                case 0x4:
                    if (_vectorPosition == 2) Count(DecoderViolation.PartialVectorGroup);
                    _vectorPosition = _vectorPosition == 2 ? 1 : _vectorPosition + 1;
                    k = Vector(word & 0xFFF, 12, row, time, ref slots, k);
                    break;
                case 0x5:
                    if (_vectorPosition != 2) Count(DecoderViolation.PartialVectorGroup);
                    _vectorPosition = 0;
                    k = Vector(word & 0xFF, 8, row, time, ref slots, k);
                    break;
                case 0x6:
                    Settle(k, ref mark);
                    _low = (int)(word & 0xFFF);
                    time = Now();
                    break;
                case 0x8:
                    Settle(k, ref mark);
                    TimeHigh((int)(word & 0xFFF));
                    time = Now();
                    break;
                case 0x1:
                    row = 0;
                    Count(DecoderViolation.UnknownWord);
                    break;
                default:
                    OtherWord(word);
                    break;
            }
        }
        _row = row;
        count = k;
        return i;
    }

    /// <summary>Writes the pixels of one vector word and moves the base.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private nint Vector(uint mask, int pixels, ulong row, ulong time, ref ulong slots, nint k)
    {
        int x = _base;
        if ((uint)(x + pixels) > (uint)(row >> 32)) mask = ClipVector(mask, pixels, row);
        else _base = x + pixels;
        ulong rest = (row & RowBits) | _basePolarity;
        ref ulong slot = ref Unsafe.Add(ref slots, k * 2);
        nint found = BitOperations.PopCount(mask);

        // Masks of 0 to 2 pixels are by far the most common and unpredictable: write two events without asking.
        // An empty mask gives 32 as its lowest bit, which is written and never counted.
        slot = time;
        Unsafe.Add(ref slot, 1) = rest | ((uint)(x + BitOperations.TrailingZeroCount(mask)) & 0xFFFF);
        mask &= mask - 1;
        Unsafe.Add(ref slot, 2) = time;
        Unsafe.Add(ref slot, 3) = rest | ((uint)(x + BitOperations.TrailingZeroCount(mask)) & 0xFFFF);
        mask &= mask - 1;
        for (slot = ref Unsafe.Add(ref slot, 4); mask != 0; mask &= mask - 1, slot = ref Unsafe.Add(ref slot, 2))
        {
            slot = time;
            Unsafe.Add(ref slot, 1) = rest | (uint)(x + BitOperations.TrailingZeroCount(mask));
        }
        return k + found;
    }

    /// <summary>The slow path of a vector word that has no base, no row, or reaches over the border: keeps the pixels inside, counts the rest.</summary>
    /// <returns>The mask of the pixels to hand out.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint ClipVector(uint mask, int pixels, ulong row)
    {
        if (_base == NoBase)
        {
            Count(DecoderViolation.InvalidVectBase);
            return 0;
        }
        int x = _base;
        uint inside = 0;
        if (x + pixels > Width) Count(DecoderViolation.InvalidVectBase);
        if (row >> 32 == 0)
        {
            if (mask != 0) CountOutside(row, BitOperations.PopCount(mask));
        }
        else
        {
            inside = x >= Width ? 0 : mask & ((1u << Math.Min(Width - x, pixels)) - 1);
            if (mask != inside) Count(DecoderViolation.OutOfBoundsEventCoordinate, BitOperations.PopCount(mask ^ inside));
        }

        // The base stops a little right of every sensor instead of running on for ever on a stream of vector words alone.
        _base = Math.Min(x + pixels, 2 * 65536);
        return inside;
    }

    private void CountOutside(ulong row, int events) =>
        Count((row & RowKnown) != 0 ? DecoderViolation.OutOfBoundsEventCoordinate : DecoderViolation.MissingYAddr, events);

    /// <summary>Accounts for the events since time last changed: were they earlier than the ones before?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Settle(nint k, ref nint mark)
    {
        if (k == mark) return;
        if (_time < _lastUs) Count(DecoderViolation.BackwardsTime);
        _lastUs = _time;
        mark = k;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Now()
    {
        _time = _loop + (_high << 12 | _low) - ShiftUs;
        return (ulong)_time;
    }

    private void TimeHigh(int high)
    {
        int previous = _high;
        if (high == previous) return;
        _high = high;
        _low = 0;
        if (previous >= 2048 + high)
        {
            _loop += 1 << 24;
            Wraps++;
            if (high + 4096 - previous > 1) Count(DecoderViolation.NonContinuousTimeHigh);
        }
        else if (high < previous)
        {
            Count(DecoderViolation.NonMonotonicTimeHigh);
        }
        else if (_loop > 0 && high - previous >= 3841)
        {
            _loop -= 1 << 24;
            Wraps--;
            Count(DecoderViolation.NonMonotonicTimeHigh);
        }
        else if (high - previous > 1)
        {
            Count(DecoderViolation.NonContinuousTimeHigh);
        }
    }

    /// <summary>Drops everything before the first TIME_HIGH and takes that one.</summary>
    /// <returns>The index of the word behind it, or <paramref name="n"/>.</returns>
    private int SkipToTime(ref ushort input, int n)
    {
        long dropped = 0;
        int i = 0;
        while (i < n && !_haveTime)
        {
            uint word = Unsafe.Add(ref input, i++);
            dropped += (word >> 12) switch
            {
                0x2 or 0xA => 1,
                0x4 => BitOperations.PopCount(word & 0xFFF),
                0x5 => BitOperations.PopCount(word & 0xFF),
                _ => 0,
            };
            if (word >> 12 != 0x8) continue;
            _haveTime = true;
            _high = (int)(word & 0xFFF);
            if (Origin == TimeOrigin.Shifted) ShiftUs = (long)Math.Max(_high - 1, 0) << 12;
            Now();
        }
        if (dropped != 0) Count(DecoderViolation.EventsBeforeTime, dropped);
        return i;
    }

    private void OtherWord(uint word)
    {
        switch (word >> 12)
        {
            case 0xA:
                AddTrigger(_time, (word >> 8) & 15, word & 1);
                break;
            case 0xE:
                if (_continuedPosition is 2 or 3) Count(DecoderViolation.PartialContinuedGroup);
                _continuedPosition = 1;
                break;
            case 0xF:
                Continue(_continuedPosition is 1 or 2);
                break;
            case 0x7:
                Continue(_continuedPosition == 3);
                break;
            case 0x9 when word == 0x9999:
                Count(DecoderViolation.PaddingWord);
                break;
            default:
                Count(DecoderViolation.UnknownWord);
                break;
        }
    }

    /// <summary>Follows OTHERS, CONTINUED_12, CONTINUED_12, CONTINUED_4; positions 1, 2, 3, back to 0.</summary>
    private void Continue(bool inOrder)
    {
        if (!inOrder) Count(DecoderViolation.PartialContinuedGroup);
        _continuedPosition = inOrder ? (_continuedPosition + 1) & 3 : 0;
    }
}
