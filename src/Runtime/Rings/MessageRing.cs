using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>A lock-free queue of messages of any length for one writer and one reader: what leaves a loop for the recorder and the live view.</summary>
/// <remarks>
/// Messages lie in one piece and are read in place. A message that does not fit is dropped whole and counted, by number and by bytes. The writer's and the
/// reader's cursors never share a cache line. Allocation-free. See <see cref="SpscRing{T}"/> for items of one size.
/// </remarks>
public sealed class MessageRing : IQueueStatistics
{
    private const int Header = 8, Padding = -1, PageBytes = 4096;

    private readonly byte[] _bytes;
    private readonly long _mask;
    private RingCursors _cursors;
    private long _written, _read, _droppedBytes;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="name">What it is called in statistics.</param>
    /// <param name="bytes">Its size; a power of two from 64 bytes to 1 GiB. The longest message has half of it less eight bytes.</param>
    public MessageRing(string name, int bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (bytes < 64 || bytes > 1 << 30 || !BitOperations.IsPow2(bytes)) throw new ArgumentOutOfRangeException(nameof(bytes), bytes, $"Ring '{name}': its size must be a power of two in [64, 2^30].");
        Name = name;
        _bytes = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        _mask = bytes - 1;
        // Memory that nobody has touched is not there yet: each of its pages would cost the loop a page fault of some microseconds on the first lap.
        for (int i = 0; i < bytes; i += PageBytes) _bytes[i] = 0;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the size in bytes.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Gets the longest message that can ever fit.</summary>
    public int MaxMessage => _bytes.Length / 2 - Header;

    /// <inheritdoc/>
    public long Written => Volatile.Read(ref _written);

    /// <inheritdoc/>
    public long Read => Volatile.Read(ref _read);

    /// <inheritdoc/>
    public long Dropped => Volatile.Read(ref _cursors.Dropped);

    /// <summary>Gets how many bytes the dropped messages had.</summary>
    public long DroppedBytes => Volatile.Read(ref _droppedBytes);

    /// <summary>Gets the most bytes that were ever waiting.</summary>
    public int HighWater => (int)Volatile.Read(ref _cursors.HighWater);

    /// <summary>Gets whether nothing waits. Any thread.</summary>
    public bool IsEmpty => Volatile.Read(ref _cursors.Head) == Volatile.Read(ref _cursors.Tail);

    /// <summary>Adds a message, if there is room. Writer only.</summary>
    /// <param name="kind">Told to the reader; not negative.</param>
    /// <param name="message">Copied.</param>
    /// <returns>False when it does not fit now; nothing is counted, so that the caller may try again.</returns>
    public bool TryWrite(int kind, ReadOnlySpan<byte> message)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(kind); // the reader would take it for the unused end of a lap
        if (message.Length > MaxMessage) return false;
        long tail = _cursors.Tail;
        int at = (int)(tail & _mask), size = Size(message.Length), toEnd = _bytes.Length - at;
        // A message is never cut in two: what is left of this lap is skipped.
        long need = size <= toEnd ? size : toEnd + size;
        if (tail + need - _cursors.CachedHead > _bytes.Length)
        {
            _cursors.CachedHead = Volatile.Read(ref _cursors.Head);
            if (tail + need - _cursors.CachedHead > _bytes.Length) return false;
        }
        if (size > toEnd)
        {
            Mark(at, toEnd - Header, Padding);
            at = 0;
        }
        Mark(at, message.Length, kind);
        message.CopyTo(_bytes.AsSpan(at + Header));
        Volatile.Write(ref _written, _written + 1);
        Volatile.Write(ref _cursors.Tail, tail + need);
        if (tail + need - _cursors.CachedHead > _cursors.HighWater) RaiseHighWater(tail + need);
        return true;
    }

    /// <summary>Tells whether two messages of these lengths fit one behind the other now, or nothing waits, so that waiting longer would not help. Writer only.</summary>
    public bool HasRoom(int first, int second)
    {
        long tail = _cursors.Tail, head = Volatile.Read(ref _cursors.Head);
        return tail == head || Behind(Behind(tail, first), second) - head <= _bytes.Length;

        long Behind(long start, int length)
        {
            int size = Size(length);
            long toEnd = _bytes.Length - (start & _mask);
            return start + (size <= toEnd ? size : toEnd + size);
        }
    }

    /// <summary>Counts a message as lost. Writer only.</summary>
    public void CountDropped(int bytes)
    {
        Volatile.Write(ref _cursors.Dropped, _cursors.Dropped + 1);
        Volatile.Write(ref _droppedBytes, _droppedBytes + bytes);
    }

    /// <summary>Looks at the oldest message. Reader only; valid until <see cref="Advance"/>.</summary>
    public bool TryPeek(out int kind, out ReadOnlySpan<byte> message)
    {
        while (true)
        {
            long head = _cursors.Head;
            if (head >= _cursors.CachedTail)
            {
                _cursors.CachedTail = Volatile.Read(ref _cursors.Tail);
                if (head >= _cursors.CachedTail)
                {
                    kind = 0;
                    message = default;
                    return false;
                }
            }
            int at = (int)(head & _mask);
            int length = MemoryMarshal.Read<int>(_bytes.AsSpan(at));
            kind = MemoryMarshal.Read<int>(_bytes.AsSpan(at + 4));
            if (kind != Padding)
            {
                message = _bytes.AsSpan(at + Header, length);
                return true;
            }
            Volatile.Write(ref _cursors.Head, head + Header + length);
        }
    }

    /// <summary>Lets go of the message that <see cref="TryPeek"/> showed. Reader only.</summary>
    public void Advance()
    {
        long head = _cursors.Head;
        int length = MemoryMarshal.Read<int>(_bytes.AsSpan((int)(head & _mask)));
        Volatile.Write(ref _read, _read + 1);
        Volatile.Write(ref _cursors.Head, head + Size(length));
    }

    // The remembered head may be long out of date; looking again costs a cache line of the reader's, so only a seeming record is looked at.
    private void RaiseHighWater(long tail)
    {
        _cursors.CachedHead = Volatile.Read(ref _cursors.Head);
        long fill = tail - _cursors.CachedHead;
        if (fill > _cursors.HighWater) Volatile.Write(ref _cursors.HighWater, fill);
    }

    private static int Size(int length) => Header + (length + 7 & ~7);

    private void Mark(int at, int length, int kind)
    {
        MemoryMarshal.Write(_bytes.AsSpan(at), length);
        MemoryMarshal.Write(_bytes.AsSpan(at + 4), kind);
    }
}
