using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>A bounded first-in-first-out queue from exactly one writing thread to exactly one reading thread.</summary>
/// <typeparam name="T">The item; copied in and out, so keep it small or make it a reference.</typeparam>
/// <remarks>
/// Wait-free and allocation-free: no locks, no atomic read-modify-write. Lamport's queue with each side caching the other's index, so that
/// in a steady flow a side touches the other's cache line once per lap instead of once per item.
/// <para>Threads: <see cref="TryWrite"/> belongs to one thread, <see cref="TryRead"/>, <see cref="TryPeek"/> and <see cref="Clear"/> to one
/// other (or the same). The counters may be read by anybody. Handing an end to another thread needs an ordinary synchronisation of its own
/// (a started thread, a joined thread).</para>
/// <para>Why it is sound, also on ARM, where plain loads and stores pass each other. Let slot i hold item i.
/// (1) The writer stores the slot, then Tail with release; the reader loads Tail with acquire, then the slot: whoever sees Tail &gt; i sees
/// all of item i. (2) The reader copies and clears the slot, then stores Head with release; the writer loads Head with acquire before it
/// stores into that slot again: the reader is done with the slot before it changes. (3) Every index has one writing thread, so no increment
/// can be lost. (4) A stale cached index only makes a side believe that the ring is fuller (writer) or emptier (reader) than it is, and
/// both look again before they act on that. Indices are 64-bit counts that never wrap in practice (2^63 items).</para>
/// </remarks>
public sealed class SpscRing<T> : IQueueStatistics
{
    private readonly T[] _slots;
    private readonly long _mask;
    private readonly RingFullPolicy _policy;
    private RingCursors _cursors;

    /// <summary>Makes an empty ring.</summary>
    /// <param name="name">The name under which metrics list it.</param>
    /// <param name="capacity">How many items fit in; a power of two, 1 … 2^30.</param>
    /// <param name="policy">What a write into the full ring means.</param>
    /// <exception cref="ArgumentException">The capacity is not a power of two in range, or the name is empty.</exception>
    public SpscRing(string name, int capacity, RingFullPolicy policy = RingFullPolicy.DropNewest)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (capacity < 1 || capacity > 1 << 30 || !BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, $"Ring '{name}': capacity must be a power of two in [1, 2^30].");
        }
        Name = name;
        _slots = new T[capacity];
        _mask = capacity - 1;
        _policy = policy;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Capacity => _slots.Length;

    /// <inheritdoc/>
    public long Written => Volatile.Read(ref _cursors.Tail);

    /// <inheritdoc/>
    public long Read => Volatile.Read(ref _cursors.Head);

    /// <inheritdoc/>
    public long Dropped => Volatile.Read(ref _cursors.Dropped);

    /// <inheritdoc/>
    public int HighWater => (int)Volatile.Read(ref _cursors.HighWater);

    /// <summary>Gets how many items lie in the ring. Exact for a resting ring, a snapshot otherwise.</summary>
    public int Count
    {
        get
        {
            // Head first: it can only grow afterwards, so the difference never exceeds what was inside plus what came meanwhile.
            long head = Volatile.Read(ref _cursors.Head);
            return (int)Math.Min(Volatile.Read(ref _cursors.Tail) - head, _slots.Length);
        }
    }

    /// <summary>Gets how full the ring is, in [0, 1].</summary>
    public float Fill => (float)Count / _slots.Length;

    /// <summary>Puts an item in. Writer's thread only.</summary>
    /// <param name="item">The item; copied.</param>
    /// <returns>False when the ring is full: the item is lost and counted under <see cref="RingFullPolicy.DropNewest"/>, still the
    /// caller's under <see cref="RingFullPolicy.Refuse"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(in T item)
    {
        long tail = _cursors.Tail;
        if (tail - _cursors.CachedHead >= _slots.Length && !HasRoom(tail)) return false;
        Slot(tail) = item;
        Volatile.Write(ref _cursors.Tail, tail + 1);
        // After the publication, so that the look at the reader's line delays nobody; the stale head overestimates, hence the second look.
        if (tail + 1 - _cursors.CachedHead > _cursors.HighWater) MeasureFill(tail + 1);
        return true;
    }

    /// <summary>Takes the oldest item out. Reader's thread only.</summary>
    /// <returns>False when the ring is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out T item)
    {
        long head = _cursors.Head;
        if (head >= _cursors.CachedTail && !HasItem(head))
        {
            item = default!;
            return false;
        }
        ref T slot = ref Slot(head);
        item = slot;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) slot = default!; // or the ring would keep a dead object alive for a whole lap
        Volatile.Write(ref _cursors.Head, head + 1);
        return true;
    }

    /// <summary>Copies the oldest item and leaves it in. Reader's thread only.</summary>
    /// <returns>False when the ring is empty.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPeek(out T item)
    {
        long head = _cursors.Head;
        if (head >= _cursors.CachedTail && !HasItem(head))
        {
            item = default!;
            return false;
        }
        item = Slot(head);
        return true;
    }

    /// <summary>Takes out and forgets everything that is inside now. Reader's thread only. The items count as read.</summary>
    public void Clear()
    {
        long inside = Volatile.Read(ref _cursors.Tail) - _cursors.Head; // bounded: a busy writer must not keep the reader here
        for (long i = 0; i < inside; i++) TryRead(out _);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasRoom(long tail)
    {
        _cursors.CachedHead = Volatile.Read(ref _cursors.Head);
        if (tail - _cursors.CachedHead < _slots.Length) return true;
        if (_policy == RingFullPolicy.DropNewest) Volatile.Write(ref _cursors.Dropped, _cursors.Dropped + 1);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool HasItem(long head)
    {
        _cursors.CachedTail = Volatile.Read(ref _cursors.Tail);
        return head < _cursors.CachedTail;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MeasureFill(long tail)
    {
        _cursors.CachedHead = Volatile.Read(ref _cursors.Head);
        long fill = tail - _cursors.CachedHead;
        if (fill > _cursors.HighWater) Volatile.Write(ref _cursors.HighWater, fill);
    }

    // The mask keeps the index inside the array, so the bounds check and, for references, the covariance check say nothing new.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T Slot(long index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), (nint)(index & _mask));
}
