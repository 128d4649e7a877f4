using System.Buffers;

namespace EdgeAutonomy.Perception;

/// <summary>The binary images of the newest bins, so that bins shorter than the nominal one are judged over the same span of time.</summary>
/// <remarks>Not thread-safe; allocates only when made.</remarks>
internal sealed class BinHistory
{
    internal const int Capacity = 16;

    private readonly BitImage[] _events = new BitImage[Capacity], _spikes = new BitImage[Capacity];
    private readonly long[] _lengthUs = new long[Capacity];
    private readonly long _spanUs;
    private int _head;
    private int _count;

    internal BinHistory(int width, int height, long spanUs)
    {
        _spanUs = spanUs;
        for (int i = 0; i < Capacity; i++) (_events[i], _spikes[i]) = (new BitImage(width, height), new BitImage(width, height));
    }

    internal BitImage Events => _events[_head];

    internal BitImage Spikes => _spikes[_head];

    /// <summary>Starts a new bin; its images hold what an older bin left and must be overwritten whole.</summary>
    internal void Push(long lengthUs)
    {
        _head = (_head + 1) % Capacity;
        _lengthUs[_head] = lengthUs;
        _count = Math.Min(_count + 1, Capacity);
    }

    internal void Forget() => _count = 0;

    /// <summary>Writes the union of the newest bins that together are not longer than the span; always at least the newest.</summary>
    internal void Unite(BitImage events, BitImage spikes)
    {
        int n = Depth();
        Array.Copy(Events.Words, events.Words, events.Words.Length);
        Array.Copy(Spikes.Words, spikes.Words, spikes.Words.Length);
        for (int k = 1; k < n; k++)
        {
            int slot = (_head + Capacity - k) % Capacity;
            Or(events.Words, _events[slot].Words);
            Or(spikes.Words, _spikes[slot].Words);
        }
    }

    internal void AddTo(ref StateHasher hasher)
    {
        int n = Depth();
        hasher.Add(n);
        for (int k = 0; k < n; k++)
        {
            int slot = (_head + Capacity - k) % Capacity;
            hasher.Add(_lengthUs[slot]);
            hasher.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(_events[slot].Words));
            hasher.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ulong>(_spikes[slot].Words));
        }
    }

    internal void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        int n = Depth();
        state.Write(n);
        for (int k = n - 1; k >= 0; k--)
        {
            int slot = (_head + Capacity - k) % Capacity;
            state.Write(_lengthUs[slot]);
            state.WriteSpan<ulong>(_events[slot].Words);
            state.WriteSpan<ulong>(_spikes[slot].Words);
        }
    }

    internal void Thaw(ref StateReader reader)
    {
        int n = reader.ReadInt32(0, Capacity);
        Forget();
        for (int k = 0; k < n; k++)
        {
            Push(reader.Read<long>());
            reader.ReadSpan<ulong>(Events.Words);
            reader.ReadSpan<ulong>(Spikes.Words);
        }
    }

    private int Depth()
    {
        long total = 0;
        for (int k = 0; k < _count; k++)
        {
            total += _lengthUs[(_head + Capacity - k) % Capacity];
            if (total > _spanUs) return Math.Max(1, k);
        }
        return _count;
    }

    private static void Or(ulong[] target, ulong[] source)
    {
        for (int i = 0; i < target.Length; i++) target[i] |= source[i];
    }
}
