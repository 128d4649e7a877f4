using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Words that one vector comparison looks at.</summary>
    private const int Block = 16;

    /// <summary>The type bits that are zero in ADDR_Y (0) and ADDR_X (2) words alone.</summary>
    private const uint NotAddress = 0xD000;
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
        nint n = words.Length / 2, i = _haveTime ? 0 : SkipToTime(ref input, n);
        nint k = 0, mark = 0;
        while (i < n && output.Length - k >= MaxEventsPerWord)
        {
            nint end = Math.Min(n, i + (output.Length - k) / MaxEventsPerWord);
            i = DecodeBatch(ref input, i, end, ref slots, ref k, ref mark);
        }
        Settle(k, ref mark);
        used = (int)i * 2;
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
    /// <param name="k">Events written so far.</param>
    /// <param name="mark">Events written when time last changed.</param>
    private nint DecodeBatch(ref ushort input, nint i, nint end, ref ulong slots, ref nint k, ref nint mark)
    {
        while (true)
        {
            i = AddressRun(ref input, i, end, ref slots, ref k, ref _row, (ulong)_time, Width, Height);
            if (i == end) return end;
            uint word = Unsafe.Add(ref input, i);
            switch (word >> 12)
            {
                case 0x3 or 0x4 or 0x5:
                    i = VectorRun(ref input, i, end, ref slots, ref k);
                    continue;
                case 0x6:
                    Settle(k, ref mark);
                    _low = (int)(word & 0xFFF);
                    SetTime();
                    break;
                case 0x8:
                    Settle(k, ref mark);
                    TimeHigh((int)(word & 0xFFF));
                    SetTime();
                    break;
                case 0x2:
                    // An address run ends at a column outside the row; no other ADDR_X comes here.
                    CountOutside(1);
                    break;
                default:
                    OtherWord(word);
                    break;
            }
            i++;
        }
    }

    /// <summary>Takes ADDR_Y and ADDR_X words, five in six of a real stream, until another word comes or a column lies outside.</summary>
    /// <remarks>
    /// Their order is what no branch predictor can learn, so there is no branch on it. The row is one register: y in bits 16…31 (where the event wants it), bit 0
    /// set once there was a row address, and above bit 32 the columns allowed in this row, which is 0 while there is no valid row. A method
    /// of its own, with nothing else alive, because in the big loop the compiler kept row and count in memory.
    /// </remarks>
    /// <returns>The index of the word that ended the run.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static nint AddressRun(ref ushort input, nint i, nint end, ref ulong slots, ref nint count, ref ulong rowState, ulong time, int width, int height)
    {
        nint k = count * 2;
        if (Vector128.IsHardwareAccelerated && rowState >> 32 != 0 && end - i >= Block)
            i = CheckedBlocks(ref input, i, end, ref slots, ref k, ref rowState, time, width, height);
        ulong row = rowState;
        for (; i < end; i++)
        {
            uint word = Unsafe.Add(ref input, i);
            if ((word & NotAddress) != 0) break;
            ulong value = word & 0x7FF;
            ulong outside = (row >> 32) - 1 - value;
            if ((long)(outside & ((ulong)word << 50)) < 0) break;
            ref ulong slot = ref Unsafe.Add(ref slots, k);
            slot = time;
            Unsafe.Add(ref slot, 1) = (row & RowBits) | EventBits(word);
            k += (nint)(word >> 12);
            ulong newRow = RowKnown | (value << 16) | (ulong)(uint)(width & (((int)value - height) >> 31)) << 32;
            ulong keep = (ulong)((long)((ulong)word << 50) >> 63);
            row = (row & keep) | (newRow & ~keep);
        }
        rowState = row;
        count = k >> 1;
        return i;
    }

    /// <summary>The fast part of <see cref="AddressRun"/>: a vector comparison finds how many of the next 16 words are addresses inside the sensor, and those
    /// need no check of their own. Begins with a valid row, so every row in it is valid.</summary>
    /// <returns>The index of the first word not taken.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static nint CheckedBlocks(ref ushort input, nint i, nint end, ref ulong slots, ref nint twiceCount, ref ulong rowState, ulong time, int width, int height)
    {
        var maxX = Vector256.Create((short)(Math.Min(width, 2048) - 1));
        var maxY = Vector256.Create((short)(Math.Min(height, 2048) - 1));
        ulong row = rowState & RowBits;
        nint k = twiceCount;
        while (end - i >= Block)
        {
            var words = Vector256.LoadUnsafe(ref input, (nuint)i);
            var isRow = Vector256.Equals(words & Vector256.Create((ushort)0x2000), Vector256<ushort>.Zero).AsInt16();
            var value = (words & Vector256.Create((ushort)0x7FF)).AsInt16();
            var bad = Vector256.GreaterThan(value, Vector256.ConditionalSelect(isRow, maxY, maxX))
                | ~Vector256.Equals(words & Vector256.Create((ushort)NotAddress), Vector256<ushort>.Zero).AsInt16();
            int good = BitOperations.TrailingZeroCount(bad.ExtractMostSignificantBits() | 1u << Block);
            for (nint stop = i + good; i < stop; i++)
            {
                ulong word = Unsafe.Add(ref input, i);
                ref ulong slot = ref Unsafe.Add(ref slots, k);
                slot = time;
                Unsafe.Add(ref slot, 1) = row | EventBits(word);
                k += (nint)(word >> 12);
                ulong keep = (ulong)((long)(word << 50) >> 63);
                row = (row & keep) | (((word & 0x7FF) << 16) & ~keep);
            }
            if (good < Block) break;
        }
        rowState = RowKnown | row | (ulong)width << 32;
        twiceCount = k;
        return i;
    }

    /// <summary>Returns the column of an address or vector-base word in bits 0…10 and its polarity in bit 32, as the second half of an event has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong EventBits(ulong word) => (word | word << 21) & 0x1_0000_07FF;

    /// <summary>Takes VECT_BASE_X, VECT_12 and VECT_8 words until another word comes.</summary>
    /// <returns>The index of the word that ended the run.</returns>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private nint VectorRun(ref ushort input, nint i, nint end, ref ulong slots, ref nint count)
    {
        ulong time = (ulong)_time, limit = _row >> 32, rest = (_row & RowBits) | _basePolarity;
        int x = _base, position = _vectorPosition;
        ref ulong slot = ref Unsafe.Add(ref slots, count * 2);
        nint found = 0;
        for (; i < end; i++)
        {
            uint word = Unsafe.Add(ref input, i), mask;
            int next;
            switch (word >> 12)
            {
                case 0x3:
                    if (position != 0) Count(DecoderViolation.PartialVectorGroup);
                    position = 0;
                    x = (int)(word & 0x7FF);
                    _basePolarity = (ulong)(word & 0x800) << 21;
                    rest = (_row & RowBits) | _basePolarity;
                    continue;
                case 0x4:
                    if (position == 2) Count(DecoderViolation.PartialVectorGroup);
                    position = position == 2 ? 1 : position + 1;
                    mask = word & 0xFFF;
                    next = x + 12;
                    break;
                case 0x5:
                    if (position != 2) Count(DecoderViolation.PartialVectorGroup);
                    position = 0;
                    mask = word & 0xFF;
                    next = x + 8;
                    break;
                default:
                    goto Done;
            }
            if ((ulong)next > limit) mask = ClipVector(mask, x, ref next);

            // Masks of 0 to 2 pixels are by far the most common, and unpredictable: write two events without asking.
            // An empty mask gives 32 as its lowest bit, which is written and never counted.
            nint pixels = BitOperations.PopCount(mask);
            slot = time;
            Unsafe.Add(ref slot, 1) = rest | ((uint)(x + BitOperations.TrailingZeroCount(mask)) & 0xFFFF);
            mask &= mask - 1;
            Unsafe.Add(ref slot, 2) = time;
            Unsafe.Add(ref slot, 3) = rest | ((uint)(x + BitOperations.TrailingZeroCount(mask)) & 0xFFFF);
            mask &= mask - 1;
            for (nint at = 4; mask != 0; mask &= mask - 1, at += 2)
            {
                Unsafe.Add(ref slot, at) = time;
                Unsafe.Add(ref slot, at + 1) = rest | (uint)(x + BitOperations.TrailingZeroCount(mask));
            }
            slot = ref Unsafe.Add(ref slot, pixels * 2);
            found += pixels;
            x = next;
        }
    Done:
        _base = x;
        _vectorPosition = position;
        count += found;
        return i;
    }

    /// <summary>The slow path of a vector word that has no base, no row, or reaches over the border: keeps the pixels inside, counts the rest.</summary>
    /// <param name="mask">The pixels.</param>
    /// <param name="x">The base.</param>
    /// <param name="next">The base behind this word; kept from running away.</param>
    /// <returns>The mask of the pixels to hand out.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint ClipVector(uint mask, int x, ref int next)
    {
        if (x >= NoBase)
        {
            next = NoBase;
            Count(DecoderViolation.InvalidVectBase);
            return 0;
        }
        uint inside = 0;
        int pixels = next - x;
        if (next > Width) Count(DecoderViolation.InvalidVectBase);
        if (_row >> 32 == 0)
        {
            if (mask != 0) CountOutside(BitOperations.PopCount(mask));
        }
        else
        {
            inside = x >= Width ? 0 : mask & ((1u << Math.Min(Width - x, pixels)) - 1);
            if (mask != inside) Count(DecoderViolation.OutOfBoundsEventCoordinate, BitOperations.PopCount(mask ^ inside));
        }

        // The base stops a little right of every sensor instead of running on for ever on a stream of vector words alone.
        next = Math.Min(next, 2 * 65536);
        return inside;
    }

    private void CountOutside(int events) =>
        Count((_row & RowKnown) != 0 ? DecoderViolation.OutOfBoundsEventCoordinate : DecoderViolation.MissingYAddr, events);

    /// <summary>Accounts for the events since time last changed: were they earlier than the ones before?</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Settle(nint k, ref nint mark)
    {
        if (k == mark) return;
        if (_time < _lastUs) Count(DecoderViolation.BackwardsTime);
        _lastUs = _time;
        mark = k;
    }

    private void SetTime() => _time = _loop + (_high << 12 | _low) - ShiftUs;

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
    private nint SkipToTime(ref ushort input, nint n)
    {
        long dropped = 0;
        nint i = 0;
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
            SetTime();
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
            case 0x1:
                // The grey-level row of the old ATIS: no events until the next ordinary row.
                _row = 0;
                Count(DecoderViolation.UnknownWord);
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
