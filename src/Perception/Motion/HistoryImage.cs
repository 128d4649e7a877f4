using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>The last steps of every pixel as bits: bit d of a half word says that the pixel fired d steps ago, OFF in the low half, ON in the high half.</summary>
/// <remarks>
/// Rows have a margin of zeros, so that a field may reach over the edge. Only blocks of 16 pixels that hold something are shifted.
/// Not thread-safe; allocates only when made.
/// </remarks>
internal sealed class HistoryImage
{
    internal const int Block = 16;
    internal const int Margin = 16;
    private readonly uint[] _words;
    private readonly ulong[] _live;
    private readonly int _blocks, _liveWords, _rows;
    private readonly uint _keep;

    internal HistoryImage(int width, int height, int depth, int radius)
    {
        (Width, Height, Radius) = (width, height, radius);
        _blocks = (width + Block - 1) / Block;
        _liveWords = (_blocks + 63) >> 6;
        Pitch = _blocks * Block + 2 * Margin;
        _rows = height + 2 * radius;
        _words = new uint[Pitch * _rows];
        _live = new ulong[_liveWords * height];
        // Shifted up by one, then cut to the depth; the carry from the low half into the high one is cut too.
        uint half = (uint)((1 << depth) - 1) & 0xFFFE;
        _keep = half << 16 | half;
    }

    internal int Width { get; }

    internal int Height { get; }

    internal int Radius { get; }

    internal int Pitch { get; }

    internal uint[] Words => _words;

    /// <summary>Returns where a pixel's word is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Place(int x, int y) => (y + Radius) * Pitch + Margin + x;

    /// <summary>Marks an event of the present step; false when there was one already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Mark(int x, int y, int polarity)
    {
        ref uint word = ref _words[Place(x, y)];
        uint bit = 1u << (polarity << 4);
        if ((word & bit) != 0) return false;
        word |= bit;
        int block = x / Block;
        _live[y * _liveWords + (block >> 6)] |= 1UL << (block & 63);
        return true;
    }

    /// <summary>Begins the next step; false when nothing is left of any step.</summary>
    internal bool Shift()
    {
        bool any = false;
        uint keep = _keep;
        for (int y = 0; y < Height; y++)
        {
            for (int w = 0; w < _liveWords; w++)
            {
                ulong live = _live[y * _liveWords + w], still = 0;
                for (ulong bits = live; bits != 0; bits &= bits - 1)
                {
                    int b = BitOperations.TrailingZeroCount(bits);
                    ref uint first = ref _words[Place(((w << 6) + b) * Block, y)];
                    if (ShiftBlock(ref first, keep)) still |= 1UL << b;
                }
                _live[y * _liveWords + w] = still;
                any |= still != 0;
            }
        }
        return any;
    }

    internal void Clear()
    {
        Array.Clear(_words);
        Array.Clear(_live);
    }

    internal void AddTo(ref StateHasher hasher)
    {
        for (int y = 0; y < Height; y++)
        {
            for (int w = 0; w < _liveWords; w++)
            {
                ulong live = _live[y * _liveWords + w];
                if (live == 0) continue;
                hasher.Add((ulong)(y * _liveWords + w));
                hasher.Add(live);
                for (ulong bits = live; bits != 0; bits &= bits - 1)
                {
                    int b = BitOperations.TrailingZeroCount(bits);
                    hasher.AddBytes(MemoryMarshal.AsBytes(_words.AsSpan(Place(((w << 6) + b) * Block, y), Block)));
                }
            }
        }
    }

    internal void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.WriteSpan<ulong>(_live);
        for (int y = 0; y < Height; y++) state.WriteSpan<uint>(_words.AsSpan(Place(0, y), _blocks * Block));
    }

    internal void Thaw(ref StateReader reader)
    {
        reader.ReadSpan<ulong>(_live);
        for (int y = 0; y < Height; y++)
        {
            reader.ReadSpan(_words.AsSpan(Place(0, y), _blocks * Block));
            for (int b = 0; b < _liveWords * 64; b++)
            {
                bool isLive = (_live[y * _liveWords + (b >> 6)] >> (b & 63) & 1) != 0;
                reader.Require(b < _blocks ? isLive || !_words.AsSpan(Place(b * Block, y), Block).ContainsAnyExcept(0u) : !isLive, "a history outside its live blocks");
            }
            // A block's columns beyond the sensor can never fire.
            reader.Require(!_words.AsSpan(Place(Width, y), _blocks * Block - Width).ContainsAnyExcept(0u), "events outside the sensor");
            foreach (uint word in _words.AsSpan(Place(0, y), Width)) reader.Require((word & ~(_keep | 0x10001u)) == 0, "events older than the kernel's depth");
        }
    }

    // Sixteen words at once; the vector width does not matter, for the operations are bitwise.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ShiftBlock(ref uint first, uint keep)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var v = (Vector512.LoadUnsafe(ref first) << 1) & Vector512.Create(keep);
            v.StoreUnsafe(ref first);
            return v != Vector512<uint>.Zero;
        }
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<uint> mask = Vector256.Create(keep), a = (Vector256.LoadUnsafe(ref first) << 1) & mask, b = (Vector256.LoadUnsafe(ref first, 8) << 1) & mask;
            a.StoreUnsafe(ref first);
            b.StoreUnsafe(ref first, 8);
            return (a | b) != Vector256<uint>.Zero;
        }
        uint any = 0;
        for (int i = 0; i < Block; i++)
        {
            ref uint word = ref Unsafe.Add(ref first, i);
            word = word << 1 & keep;
            any |= word;
        }
        return any != 0;
    }
}
