using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>A kernel laid out for one event: which history bits of its surroundings have a synapse, and the row of weights behind each.</summary>
/// <remarks>
/// A bit that is set and has a synapse is a tap; the row of a tap holds its weight for every class in units of the quantum, zero where there is no
/// synapse, and in its last column the number of its synapses. Rows are added as 16-bit whole numbers, which is exact by the kernel's
/// promise; so neither order nor vector width matters. Immutable, shared by estimators.
/// </remarks>
internal sealed class SynapseTable
{
    internal const int Lanes = 16; // words per row of the field, and 16-bit numbers per vector
    private readonly uint[][] _masks; // [sign of the event][row · Lanes + column]
    private readonly ushort[][] _taps; // [sign][(row · Lanes + column) · 32 + bit]
    private readonly short[] _rows;
    private readonly int _side;

    internal SynapseTable(MotionKernel kernel)
    {
        var shape = kernel.Shape;
        (_side, Classes) = (shape.Side, shape.Classes);
        Stride = (Classes + Lanes) / Lanes * Lanes; // at least one column more than there are classes
        var number = new Dictionary<int, ushort>();
        foreach (ref readonly var s in kernel.Synapses) number.TryAdd(shape.Input(s.Channel, s.Delay, s.Dx, s.Dy), (ushort)number.Count);
        Taps = number.Count;
        _rows = new short[Math.Max(1, Taps) * Stride];
        _masks = [new uint[_side * Lanes], new uint[_side * Lanes]];
        _taps = [new ushort[_side * Lanes * 32], new ushort[_side * Lanes * 32]];
        foreach (ref readonly var s in kernel.Synapses)
        {
            int tap = number[shape.Input(s.Channel, s.Delay, s.Dx, s.Dy)];
            _rows[tap * Stride + s.Class] = (short)kernel.Quanta(s.Weight);
            _rows[tap * Stride + Stride - 1]++;
            for (int sign = 0; sign < 2; sign++)
            {
                // The high half of a word is ON. Relative: channel 0 is the half of the event's own sign.
                int half = shape.Polarity == MotionPolarity.Absolute ? s.Channel : s.Channel == 0 ? sign : 1 - sign;
                int place = (s.Dy + shape.Radius) * Lanes + s.Dx + shape.Radius, bit = half * 16 + s.Delay;
                _masks[sign][place] |= 1u << bit;
                _taps[sign][place * 32 + bit] = (ushort)tap;
            }
        }
    }

    internal int Classes { get; }

    /// <summary>Gets the length of a row of weights: the classes, padding, and the count of synapses last.</summary>
    internal int Stride { get; }

    internal int Taps { get; }

    /// <summary>Gets the most taps that one event can have.</summary>
    internal int Capacity => Taps;

    /// <summary>Lists the taps of an event.</summary>
    /// <param name="words">The history.</param>
    /// <param name="corner">Where the upper left word of the field is.</param>
    /// <param name="pitch">Words from row to row.</param>
    /// <param name="sign">The event's sign, 0 or 1.</param>
    /// <param name="list">Receives them; at least <see cref="Capacity"/> long.</param>
    /// <returns>How many.</returns>
    internal int Find(uint[] words, int corner, int pitch, int sign, ushort[] list)
    {
        ref uint masks = ref MemoryMarshal.GetArrayDataReference(_masks[sign]);
        ref ushort taps = ref MemoryMarshal.GetArrayDataReference(_taps[sign]);
        ref ushort found = ref MemoryMarshal.GetArrayDataReference(list);
        // The field lies inside the image and its margins: rows 0 … side − 1 of pitch words, of which Lanes are read.
        ref uint row = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(words), corner);
        int n = 0;
        for (int r = 0; r < _side; r++, row = ref Unsafe.Add(ref row, pitch))
        {
            ref uint mask = ref Unsafe.Add(ref masks, r * Lanes);
            for (uint active = Active(ref row, ref mask); active != 0; active &= active - 1)
            {
                int lane = BitOperations.TrailingZeroCount(active);
                uint bits = Unsafe.Add(ref row, lane) & Unsafe.Add(ref mask, lane);
                ref ushort own = ref Unsafe.Add(ref taps, (r * Lanes + lane) * 32);
                do
                {
                    Unsafe.Add(ref found, n++) = Unsafe.Add(ref own, BitOperations.TrailingZeroCount(bits));
                    bits &= bits - 1;
                }
                while (bits != 0);
            }
        }
        return n;
    }

    /// <summary>Adds the rows of an event's taps to a tile's sums.</summary>
    /// <param name="list">The taps.</param>
    /// <param name="count">How many.</param>
    /// <param name="sums">The tile's sums, [class], padded to <see cref="Stride"/>.</param>
    internal void Add(ushort[] list, int count, ref int sums)
    {
        ref short rows = ref MemoryMarshal.GetArrayDataReference(_rows);
        ref ushort taps = ref MemoryMarshal.GetArrayDataReference(list);
        if (Vector256.IsHardwareAccelerated && Stride == 48)
        {
            // The usual 36 classes: all sums stay in registers.
            Vector256<short> a = default, b = default, c = default;
            for (int i = 0; i < count; i++)
            {
                ref short row = ref Unsafe.Add(ref rows, Unsafe.Add(ref taps, i) * 48);
                a += Vector256.LoadUnsafe(ref row);
                b += Vector256.LoadUnsafe(ref row, 16);
                c += Vector256.LoadUnsafe(ref row, 32);
            }
            Widen(a, ref sums);
            Widen(b, ref Unsafe.Add(ref sums, 16));
            Widen(c, ref Unsafe.Add(ref sums, 32));
            return;
        }
        for (int column = 0; column < Stride; column += 8)
        {
            Vector128<short> sum = default;
            for (int i = 0; i < count; i++) sum += Vector128.LoadUnsafe(ref rows, (nuint)(Unsafe.Add(ref taps, i) * Stride + column));
            ref int to = ref Unsafe.Add(ref sums, column);
            var (low, high) = Vector128.Widen(sum);
            (Vector128.LoadUnsafe(ref to) + low).StoreUnsafe(ref to);
            (Vector128.LoadUnsafe(ref to, 4) + high).StoreUnsafe(ref to, 4);
        }
    }

    /// <summary>Adds as <see cref="Add"/> does, one number after another; for the test that both agree.</summary>
    internal void AddScalar(ushort[] list, int count, Span<int> sums)
    {
        for (int i = 0; i < count; i++)
        {
            for (int c = 0; c < Stride; c++) sums[c] += _rows[list[i] * Stride + c];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector256<short> sum, ref int to)
    {
        var (low, high) = Vector256.Widen(sum);
        (Vector256.LoadUnsafe(ref to) + low).StoreUnsafe(ref to);
        (Vector256.LoadUnsafe(ref to, 8) + high).StoreUnsafe(ref to, 8);
    }

    /// <summary>Gives one bit per lane in which word and mask have a bit in common.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Active(ref uint row, ref uint mask)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return (uint)~Vector512.Equals(Vector512.LoadUnsafe(ref row) & Vector512.LoadUnsafe(ref mask), Vector512<uint>.Zero).ExtractMostSignificantBits() & 0xFFFF;
        }
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<uint> a = Vector256.LoadUnsafe(ref row) & Vector256.LoadUnsafe(ref mask), b = Vector256.LoadUnsafe(ref row, 8) & Vector256.LoadUnsafe(ref mask, 8);
            return ~(Vector256.Equals(a, Vector256<uint>.Zero).ExtractMostSignificantBits() | Vector256.Equals(b, Vector256<uint>.Zero).ExtractMostSignificantBits() << 8) & 0xFFFF;
        }
        uint active = 0;
        for (int i = 0; i < Lanes; i++) active |= (Unsafe.Add(ref row, i) & Unsafe.Add(ref mask, i)) != 0 ? 1u << i : 0u;
        return active;
    }
}
