namespace EdgeAutonomy.Learning;

/// <summary>A matrix in a span, row-major, possibly seen transposed.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly ref struct Matrix<T> where T : unmanaged
{
    /// <summary>Makes a view of numbers stored row by row without gaps.</summary>
    /// <param name="data">The numbers; at least rows × columns.</param>
    /// <param name="rows">Stored rows.</param>
    /// <param name="columns">Stored columns.</param>
    /// <exception cref="ArgumentException">The span is too short or a size is negative.</exception>
    public Matrix(ReadOnlySpan<T> data, int rows, int columns)
        : this(data, rows, columns, columns, 1)
    {
        if (rows < 0 || columns < 0 || data.Length < (long)rows * columns)
        {
            throw new ArgumentException($"A matrix of {rows} x {columns} needs {(long)rows * columns} numbers, {data.Length} are given.", nameof(data));
        }
    }

    private Matrix(ReadOnlySpan<T> data, int rows, int columns, int rowStride, int columnStride)
    {
        Data = data;
        Rows = rows;
        Columns = columns;
        RowStride = rowStride;
        ColumnStride = columnStride;
    }

    /// <summary>Gets the numbers.</summary>
    public ReadOnlySpan<T> Data { get; }

    /// <summary>Gets the rows.</summary>
    public int Rows { get; }

    /// <summary>Gets the columns.</summary>
    public int Columns { get; }

    /// <summary>Gets how far one row is from the next.</summary>
    public int RowStride { get; }

    /// <summary>Gets how far one column is from the next.</summary>
    public int ColumnStride { get; }

    /// <summary>Gets the transposed view; nothing is moved.</summary>
    public Matrix<T> Transposed => new(Data, Columns, Rows, ColumnStride, RowStride);
}
