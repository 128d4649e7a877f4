using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Perception;

/// <summary>The newest events by direction in the world: bounded rings, one per direction, thinned so that each spans the wanted window.</summary>
/// <remarks>
/// Directions are fixed in the world (bearing in the frame of the <see cref="EgoTrack"/>), so a turn moves the view over the rings and leaves
/// their contents in place: this is the whole of the derotation. An event is stored as its bearing from the ring's axis, its elevation
/// slope, its time slot and its sign. Not thread-safe; allocates only when made.
/// </remarks>
internal sealed class DirectionMemory
{
    private readonly float[] _bearing, _slope;
    private readonly long[] _slot;
    private readonly sbyte[] _sign;
    private readonly int[] _head, _size, _skip;
    private ulong _digest;

    internal DirectionMemory(int directions, int capacity)
    {
        Directions = directions;
        Capacity = capacity;
        _bearing = new float[directions * capacity];
        _slope = new float[directions * capacity];
        _slot = new long[directions * capacity];
        _sign = new sbyte[directions * capacity];
        _head = new int[directions];
        _size = new int[directions];
        _skip = new int[directions];
        Stride = new int[directions];
        Seen = new int[directions];
        Stored = new int[directions];
        Rate = new float[directions];
        Array.Fill(Stride, 1);
    }

    internal int Directions { get; }

    internal int Capacity { get; }

    /// <summary>Gets, per direction, how many events come per stored one.</summary>
    internal int[] Stride { get; }

    /// <summary>Gets, per direction, how many events came in the present packet.</summary>
    internal int[] Seen { get; }

    /// <summary>Gets, per direction, how many events of the present packet were stored.</summary>
    internal int[] Stored { get; }

    /// <summary>Gets, per direction, the filtered event rate in events per second.</summary>
    internal float[] Rate { get; }

    internal int Size(int direction) => _size[direction];

    /// <summary>Offers an event; every <see cref="Stride"/>-th is stored, over the oldest.</summary>
    internal void Offer(int direction, float bearing, float slope, long slot, int polarity)
    {
        Seen[direction]++;
        if (--_skip[direction] > 0) return;
        _skip[direction] = Stride[direction];
        Stored[direction]++;
        ulong bits = (ulong)BitConverter.SingleToUInt32Bits(bearing) << 32 | BitConverter.SingleToUInt32Bits(slope);
        _digest = (BitOperations.RotateLeft(_digest, 23) ^ bits ^ (ulong)slot << 8 ^ (uint)(direction << 1 | polarity)) * 0x9E3779B97F4A7C15;
        int head = _head[direction], at = direction * Capacity + head;
        _bearing[at] = bearing;
        _slope[at] = slope;
        _slot[at] = slot;
        _sign[at] = (sbyte)(2 * polarity - 1);
        _head[direction] = head + 1 == Capacity ? 0 : head + 1;
        if (_size[direction] < Capacity) _size[direction]++;
    }

    /// <summary>Reads the k-th newest event of a direction.</summary>
    internal void Read(int direction, int k, out float bearing, out float slope, out long slot, out sbyte sign)
    {
        int i = _head[direction] - 1 - k;
        if (i < 0) i += Capacity;
        int at = direction * Capacity + i;
        bearing = _bearing[at];
        slope = _slope[at];
        slot = _slot[at];
        sign = _sign[at];
    }

    internal void Clear()
    {
        Array.Clear(_head);
        Array.Clear(_size);
        Array.Clear(_skip);
        Array.Clear(Rate);
        Array.Clear(Seen);
        Array.Clear(Stored);
        Array.Fill(Stride, 1);
    }

    /// <summary>Adds a digest of all that was ever stored, which is cheaper than the rings themselves and differs when they do.</summary>
    internal void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_digest);
        hasher.Add((ReadOnlySpan<float>)Rate);
        hasher.AddBytes(MemoryMarshal.AsBytes<int>(_skip));
        hasher.AddBytes(MemoryMarshal.AsBytes<int>(Stride));
    }

    internal void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(_digest);
        foreach (int head in _head) state.Write(head);
        foreach (int size in _size) state.Write(size);
        state.WriteSpan<int>(_skip);
        state.WriteSpan<int>(Stride);
        state.WriteSpan<float>(Rate);
        state.WriteSpan<float>(_bearing);
        state.WriteSpan<float>(_slope);
        state.WriteSpan<long>(_slot);
        state.WriteSpan<sbyte>(_sign);
    }

    internal void Thaw(ref StateReader reader)
    {
        _digest = reader.Read<ulong>();
        for (int d = 0; d < Directions; d++) _head[d] = reader.ReadInt32(0, Capacity - 1);
        for (int d = 0; d < Directions; d++) _size[d] = reader.ReadInt32(0, Capacity);
        reader.ReadSpan<int>(_skip);
        reader.ReadSpan<int>(Stride);
        reader.ReadSpan<float>(Rate);
        reader.ReadSpan<float>(_bearing);
        reader.ReadSpan<float>(_slope);
        reader.ReadSpan<long>(_slot);
        reader.ReadSpan<sbyte>(_sign);
    }
}
