namespace EdgeAutonomy.Perception;

/// <summary>The extents of a dataset or attribute.</summary>
/// <param name="Shape">The extents; none for a scalar.</param>
/// <param name="Count">How many elements.</param>
/// <param name="IsNull">Whether it says that there is no value at all.</param>
internal sealed record Hdf5Space(int[] Shape, int Count, bool IsNull)
{
    private const int MaxRank = 32; // of the HDF5 library

    public static Hdf5Space Read(ref Hdf5Cursor cursor)
    {
        int version = cursor.U8();
        if (version is not (1 or 2)) throw cursor.Error($"its version is {version}, must be 1 or 2");
        int rank = cursor.U8();
        cursor.Skip(1);
        int kind = 1;
        if (version == 1) cursor.Skip(5);
        else kind = cursor.U8();
        if (kind > 2) throw cursor.Error($"its kind is {kind}, must be 0 (scalar), 1 (simple) or 2 (null)");
        if (kind == 2) return new Hdf5Space([], 0, true);
        if (rank > MaxRank) throw cursor.Error($"its rank is {rank}, must be 0 to {MaxRank}");
        int[] shape = new int[rank];
        long count = 1;
        bool isEmpty = false;
        for (int i = 0; i < rank; i++)
        {
            ulong extent = cursor.U64();
            if (extent > int.MaxValue) throw cursor.Error($"extent {i} is {extent}, must be at most {int.MaxValue}");
            shape[i] = (int)extent;
            isEmpty |= extent == 0;
            count = Math.Min(count * Math.Max(shape[i], 1), 1L << 31); // no overflow: the bound is checked below
        }
        if (isEmpty) count = 0;
        if (count > int.MaxValue) throw cursor.Error($"the shape [{string.Join(", ", shape)}] holds more than {int.MaxValue} elements");
        return new Hdf5Space(shape, (int)count, false);
    }
}
