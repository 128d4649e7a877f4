using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>Scores how sharp the image of warped events is for one hypothesis of inverse range (contrast maximisation, Gallego et al. 2018, on the
/// planes of a space sweep, Rebecq et al. 2018).</summary>
/// <remarks>
/// Each event has a place that is linear in the inverse range: (X0 + w·X1, Y0 + w·Y1) in cells, y up. Signed by polarity and counted in whole
/// numbers, aligned edges add up while unrelated events cancel on average; the score is the sum of squared counts less the number of
/// events, which is zero in expectation for noise. Places are computed element-wise (scalar and vector twins agree bit for bit), counting
/// is exact. Not thread-safe; allocates only when made.
/// </remarks>
internal sealed class SpaceSweep
{
    internal readonly float[] X0, X1, XFixed, Y0, Y1;
    internal readonly sbyte[] Sign;
    internal readonly long[] Slot;
    private readonly int[] _cell;
    private readonly short[] _counts;

    internal SpaceSweep(int capacity, int columns, int rows)
    {
        int padded = (capacity + 7) & ~7;
        X0 = new float[padded];
        X1 = new float[padded];
        XFixed = new float[padded];
        Y0 = new float[padded];
        Y1 = new float[padded];
        Sign = new sbyte[padded];
        Slot = new long[padded];
        _cell = new int[padded];
        Columns = columns;
        Rows = rows;
        _counts = new short[columns * rows + 1];
    }

    internal int Columns { get; }

    internal int Rows { get; }

    /// <summary>Gets or sets how many events are loaded.</summary>
    internal int Count { get; set; }

    /// <summary>Returns the score of an inverse range: pairs of aligned events of equal sign less those of unequal sign, times two.</summary>
    /// <param name="inverseRange">The hypothesis w.</param>
    /// <param name="keepsBearing">Whether the places of a thing that keeps its bearing are meant, X0 + w·XFixed, instead of those of one that stands still.</param>
    internal int Score(float inverseRange, bool keepsBearing = false)
    {
        float[] slope = keepsBearing ? XFixed : X1;
        if (Vector256.IsHardwareAccelerated) Locate256(inverseRange, slope);
        else if (Vector128.IsHardwareAccelerated) Locate128(inverseRange, slope);
        else LocateScalar(inverseRange, slope);

        Array.Clear(_counts);
        int sum = 0;
        ref short counts = ref MemoryMarshal.GetArrayDataReference(_counts);
        ref int cells = ref MemoryMarshal.GetArrayDataReference(_cell);
        ref sbyte signs = ref MemoryMarshal.GetArrayDataReference(Sign);
        for (int i = 0; i < Count; i++)
        {
            // Cells lie in [0, Columns * Rows] by construction of the places, so the references need no check.
            ref short count = ref Unsafe.Add(ref counts, Unsafe.Add(ref cells, i));
            int sign = Unsafe.Add(ref signs, i);
            sum += count * sign;
            count = (short)(count + sign);
        }
        // The last cell collects what falls outside: it must not count as aligned. It holds n votes, so its pairs are (net² − n) / 2.
        return 2 * sum - OutsidePairs();
    }

    internal void LocateScalar(float inverseRange, float[] slope)
    {
        for (int i = 0; i < Count; i++)
        {
            float x = X0[i] + inverseRange * slope[i], y = Y0[i] + inverseRange * Y1[i];
            bool isInside = x >= 0 && x < Columns && y >= 0 && y < Rows;
            _cell[i] = isInside ? (int)y * Columns + (int)x : Columns * Rows;
        }
    }

    internal void Locate128(float inverseRange, float[] slope)
    {
        var w = Vector128.Create(inverseRange);
        Vector128<float> columns = Vector128.Create((float)Columns), rows = Vector128.Create((float)Rows);
        Vector128<int> pitch = Vector128.Create(Columns), outside = Vector128.Create(Columns * Rows);
        for (int i = 0; i < Count; i += 4)
        {
            var x = Vector128.LoadUnsafe(ref X0[i]) + w * Vector128.LoadUnsafe(ref slope[i]);
            var y = Vector128.LoadUnsafe(ref Y0[i]) + w * Vector128.LoadUnsafe(ref Y1[i]);
            var inside = Vector128.GreaterThanOrEqual(x, Vector128<float>.Zero) & Vector128.LessThan(x, columns)
                & Vector128.GreaterThanOrEqual(y, Vector128<float>.Zero) & Vector128.LessThan(y, rows);
            // Masked before the conversion: what an out-of-range number converts to differs between machines.
            var cell = Vector128.ConvertToInt32(y & inside) * pitch + Vector128.ConvertToInt32(x & inside);
            Vector128.ConditionalSelect(inside.AsInt32(), cell, outside).StoreUnsafe(ref _cell[i]);
        }
    }

    internal void Locate256(float inverseRange, float[] slope)
    {
        var w = Vector256.Create(inverseRange);
        Vector256<float> columns = Vector256.Create((float)Columns), rows = Vector256.Create((float)Rows);
        Vector256<int> pitch = Vector256.Create(Columns), outside = Vector256.Create(Columns * Rows);
        for (int i = 0; i < Count; i += 8)
        {
            var x = Vector256.LoadUnsafe(ref X0[i]) + w * Vector256.LoadUnsafe(ref slope[i]);
            var y = Vector256.LoadUnsafe(ref Y0[i]) + w * Vector256.LoadUnsafe(ref Y1[i]);
            var inside = Vector256.GreaterThanOrEqual(x, Vector256<float>.Zero) & Vector256.LessThan(x, columns)
                & Vector256.GreaterThanOrEqual(y, Vector256<float>.Zero) & Vector256.LessThan(y, rows);
            var cell = Vector256.ConvertToInt32(y & inside) * pitch + Vector256.ConvertToInt32(x & inside);
            Vector256.ConditionalSelect(inside.AsInt32(), cell, outside).StoreUnsafe(ref _cell[i]);
        }
    }

    /// <summary>Gets the cells of the last call of a Locate method, one per event.</summary>
    internal ReadOnlySpan<int> Cells => _cell.AsSpan(0, Count);

    private int OutsidePairs()
    {
        int outside = Columns * Rows, votes = 0, net = _counts[outside];
        if (net == 0 && !Cells.Contains(outside)) return 0;
        foreach (int cell in Cells)
        {
            if (cell == outside) votes++;
        }
        return net * net - votes;
    }
}
