using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>A mailbox that holds the newest value only, from one writing thread to one reading thread: a triple buffer.</summary>
/// <typeparam name="T">The payload: a struct of any size, or an object that is overwritten in place and reused.</typeparam>
/// <remarks>
/// Neither side ever waits for the other, and a value is never seen half written. One buffer belongs to the writer, one to the reader, one
/// lies in the middle; publishing and taking swap a side's buffer with the middle one. Allocation-free after construction.
/// <para>Threads: <see cref="Back"/> and <see cref="Publish()"/> belong to one thread, <see cref="Front"/> and <see cref="TryTake()"/> to one
/// other. The counters may be read by anybody, and once both ends rest Published = Taken + Overwritten + (1 when one waits).</para>
/// <para>Why it is sound, also on ARM: the three indices are always a permutation of 0, 1, 2, since each exchange trades one for one. The
/// exchange is a full fence: what the writer stored into a buffer is visible before its index is, and what the reader loaded from its old
/// buffer was loaded before the writer can get that buffer back. The fresh bit travels in the same word as the index, so "is there something
/// new" and "which buffer" can never disagree.</para>
/// </remarks>
public sealed class LatestValue<T> : IQueueStatistics
{
    private const int Fresh = 4, IndexMask = 3;

    private readonly T[] _buffers;
    private readonly int _stride;
    private MailboxState _state;

    /// <summary>Makes an empty mailbox whose three buffers hold default values; for structs.</summary>
    /// <param name="name">The name under which metrics list it.</param>
    public LatestValue(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        // One cache-line pair between the buffers, so that filling one does not slow down reading another.
        int size = Unsafe.SizeOf<T>();
        _stride = 1 + (128 + size - 1) / size;
        _buffers = new T[3 * _stride];
        _state.Middle = 1;
        _state.Front = 2;
    }

    /// <summary>Makes an empty mailbox whose three buffers are made by <paramref name="factory"/>; for objects overwritten in place.</summary>
    /// <param name="name">The name under which metrics list it.</param>
    /// <param name="factory">Called three times; must give three different objects.</param>
    public LatestValue(string name, Func<T> factory) : this(name)
    {
        ArgumentNullException.ThrowIfNull(factory);
        for (int i = 0; i < 3; i++) Buffer(i) = factory();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the writer's buffer: fill it in place, then <see cref="Publish()"/>. It holds some older value, never the newest.</summary>
    public ref T Back => ref Buffer(_state.Back);

    /// <summary>Gets the value taken last; the writer does not touch it until the next successful take.</summary>
    public ref T Front => ref Buffer(_state.Front);

    /// <summary>Gets whether a value waits that was not taken yet.</summary>
    public bool HasFresh => (Volatile.Read(ref _state.Middle) & Fresh) != 0;

    /// <summary>Gets how many values were published.</summary>
    public long Published => Volatile.Read(ref _state.Published);

    /// <summary>Gets how many values were taken.</summary>
    public long Taken => Volatile.Read(ref _state.Taken);

    /// <summary>Gets how many values were replaced by a newer one before anybody took them.</summary>
    public long Overwritten => Volatile.Read(ref _state.Overwritten);

    /// <inheritdoc/>
    int IQueueStatistics.Capacity => 1;

    /// <inheritdoc/>
    long IQueueStatistics.Written => Published;

    /// <inheritdoc/>
    long IQueueStatistics.Read => Taken;

    /// <inheritdoc/>
    long IQueueStatistics.Dropped => Overwritten;

    /// <inheritdoc/>
    int IQueueStatistics.HighWater => Published > 0 ? 1 : 0;

    /// <summary>Makes what was written to <see cref="Back"/> the newest value. Writer's thread only.</summary>
    public void Publish()
    {
        int old = Interlocked.Exchange(ref _state.Middle, _state.Back | Fresh);
        _state.Back = old & IndexMask;
        Volatile.Write(ref _state.Published, _state.Published + 1);
        if ((old & Fresh) != 0) Volatile.Write(ref _state.Overwritten, _state.Overwritten + 1);
    }

    /// <summary>Copies a value in and publishes it. Writer's thread only.</summary>
    public void Publish(in T value)
    {
        Back = value;
        Publish();
    }

    /// <summary>Makes the newest value the one in <see cref="Front"/>, if there is one that was not taken yet. Reader's thread only.</summary>
    /// <returns>False when nothing was published since the last take; <see cref="Front"/> then is what it was.</returns>
    public bool TryTake()
    {
        // A look first: an exchange would move the cache line to this core even when there is nothing to get. Only this side clears the
        // bit, so what was seen set is still set at the exchange.
        if ((Volatile.Read(ref _state.Middle) & Fresh) == 0) return false;
        _state.Front = Interlocked.Exchange(ref _state.Middle, _state.Front) & IndexMask;
        Volatile.Write(ref _state.Taken, _state.Taken + 1);
        return true;
    }

    /// <summary>Copies the newest value out, if there is one that was not taken yet. Reader's thread only.</summary>
    /// <param name="value">The newest value; on false the one taken last.</param>
    public bool TryTake(out T value)
    {
        bool taken = TryTake();
        value = Front;
        return taken;
    }

    private ref T Buffer(int index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_buffers), index * _stride);
}
