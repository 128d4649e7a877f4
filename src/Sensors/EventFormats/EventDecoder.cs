using System.Runtime.CompilerServices;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Sensors;

/// <summary>The part that all decoders of fixed-size words share: the seams between pieces of a stream.</summary>
/// <remarks>A word cut by the end of a piece waits in a tail of at most 7 bytes; events of one word that found no room wait in a small spill buffer.</remarks>
public abstract class EventDecoder : IEventDecoder
{
    private const int TriggerCapacity = 256;
    private readonly byte[] _tail;
    private readonly Event[] _spill;
    private readonly ExternalTrigger[] _triggers = new ExternalTrigger[TriggerCapacity];
    private DecoderCounters _counters;
    private int _tailLength, _spillStart, _spillEnd, _triggerStart, _triggerCount;

    /// <summary>Makes the common part.</summary>
    /// <param name="format">The format.</param>
    /// <param name="options">The sensor.</param>
    /// <param name="wordBytes">Bytes per word.</param>
    /// <param name="maxEventsPerWord">The most events one word can give.</param>
    private protected EventDecoder(EventFormat format, DecoderOptions options, int wordBytes, int maxEventsPerWord)
    {
        ArgumentNullException.ThrowIfNull(options);
        Format = format;
        Width = options.Width;
        Height = options.Height;
        Origin = options.TimeOrigin;
        WordBytes = wordBytes;
        _tail = new byte[wordBytes];
        _spill = new Event[maxEventsPerWord];
    }

    /// <inheritdoc/>
    public EventFormat Format { get; }

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Height { get; }

    /// <inheritdoc/>
    public int WordBytes { get; }

    /// <inheritdoc/>
    public abstract long TimeUs { get; }

    /// <inheritdoc/>
    public long ShiftUs { get; private protected set; }

    /// <inheritdoc/>
    public int Wraps { get; private protected set; }

    /// <inheritdoc/>
    public long EventCount { get; private set; }

    /// <inheritdoc/>
    public ref readonly DecoderCounters Counters => ref _counters;

    private protected TimeOrigin Origin { get; }

    /// <inheritdoc/>
    public int Decode(ReadOnlySpan<byte> bytes, Span<Event> output, out int consumed)
    {
        int written = TakeSpilled(output), from = 0;
        if (_tailLength > 0 && written < output.Length) written += CompleteTail(bytes, output[written..], out from);
        while (_tailLength == 0 && written < output.Length && bytes.Length - from >= WordBytes)
        {
            int whole = (bytes.Length - from) / WordBytes * WordBytes;
            if (output.Length - written >= _spill.Length)
            {
                written += DecodeWords(bytes.Slice(from, whole), output[written..], out int used);
                from += used;
            }
            else
            {
                _spillEnd = DecodeWords(bytes.Slice(from, WordBytes), _spill, out _);
                from += WordBytes;
                written += TakeSpilled(output[written..]);
            }
        }
        if (_tailLength == 0 && bytes.Length - from < WordBytes)
        {
            bytes[from..].CopyTo(_tail);
            _tailLength = bytes.Length - from;
            from = bytes.Length;
        }
        consumed = from;
        EventCount += written;
        return written;
    }

    /// <inheritdoc/>
    public int ReadTriggers(Span<ExternalTrigger> output)
    {
        int n = Math.Min(output.Length, _triggerCount);
        for (int i = 0; i < n; i++) output[i] = _triggers[(_triggerStart + i) % TriggerCapacity];
        _triggerStart = (_triggerStart + n) % TriggerCapacity;
        _triggerCount -= n;
        return n;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (_tailLength > 0) Count(DecoderViolation.TruncatedTail);
        _tailLength = 0;
        FlushState();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _counters = default;
        _tailLength = _spillStart = _spillEnd = _triggerStart = _triggerCount = 0;
        EventCount = 0;
        ShiftUs = 0;
        Wraps = 0;
        ResetState();
    }

    /// <summary>Decodes whole words until the words or the room end.</summary>
    /// <param name="words">Whole words only, at least one.</param>
    /// <param name="output">Room for at least the events of one word.</param>
    /// <param name="used">Bytes taken; at least one word's.</param>
    private protected abstract int DecodeWords(ReadOnlySpan<byte> words, Span<Event> output, out int used);

    /// <summary>Forgets the format's state.</summary>
    private protected abstract void ResetState();

    /// <summary>Counts what the end of the stream leaves open.</summary>
    private protected virtual void FlushState() { }

    /// <summary>Counts a violation.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected void Count(DecoderViolation kind, long times = 1) => _counters.Add(kind, times);

    /// <summary>Keeps a trigger for <see cref="ReadTriggers"/>.</summary>
    private protected void AddTrigger(long timeUs, uint id, uint value)
    {
        if (_triggerCount == TriggerCapacity)
        {
            Count(DecoderViolation.TriggersDropped);
            return;
        }
        _triggers[(_triggerStart + _triggerCount++) % TriggerCapacity] = new ExternalTrigger(timeUs, (byte)id, (byte)value);
    }

    private int CompleteTail(ReadOnlySpan<byte> bytes, Span<Event> output, out int taken)
    {
        taken = Math.Min(WordBytes - _tailLength, bytes.Length);
        bytes[..taken].CopyTo(_tail.AsSpan(_tailLength));
        _tailLength += taken;
        if (_tailLength < WordBytes) return 0;
        _tailLength = 0;
        _spillEnd = DecodeWords(_tail, _spill, out _);
        return TakeSpilled(output);
    }

    private int TakeSpilled(Span<Event> output)
    {
        int n = Math.Min(_spillEnd - _spillStart, output.Length);
        if (n == 0) return 0;
        _spill.AsSpan(_spillStart, n).CopyTo(output);
        _spillStart += n;
        if (_spillStart == _spillEnd) _spillStart = _spillEnd = 0;
        return n;
    }
}
