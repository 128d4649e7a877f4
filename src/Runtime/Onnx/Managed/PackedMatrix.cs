using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>A constant matrix [rows][columns] in the order in which <see cref="PanelKernel"/> reads it, with a bias per column.</summary>
internal sealed class PackedMatrix
{
    // 1 GB; a column takes the room of sixteen, so a tall narrow matrix can grow sixteenfold.
    private const long MaxCount = 1L << 28;

    private readonly AlignedBuffer _panels, _bias;

    /// <summary>Packs a matrix.</summary>
    /// <param name="source">Where element (row, column) stands: row·rowStride + column·columnStride.</param>
    /// <param name="rows">Rows: the length of x.</param>
    /// <param name="columns">Columns: the length of y.</param>
    /// <param name="rowStride">Distance of rows in the source.</param>
    /// <param name="columnStride">Distance of columns in the source.</param>
    /// <param name="bias">What is added to y, [columns]; empty = nothing.</param>
    public PackedMatrix(ReadOnlySpan<float> source, int rows, int columns, int rowStride, int columnStride, ReadOnlySpan<float> bias)
    {
        Rows = rows;
        Columns = columns;
        int padded = PanelKernel.Padded(columns);
        if ((long)padded * rows > MaxCount) throw new InvalidDataException($"A weight matrix of {rows} x {columns} takes {(long)padded * rows} numbers when packed; the limit is {MaxCount}.");
        _panels = new AlignedBuffer(padded * rows);
        _bias = new AlignedBuffer(padded);
        bias.CopyTo(_bias.Span);
        Pack(source, rows, columns, rowStride, columnStride, _panels.Span);
    }

    /// <summary>Gets the length of x.</summary>
    public int Rows { get; }

    /// <summary>Gets the length of y.</summary>
    public int Columns { get; }

    /// <summary>Writes panels: [panel][row][16], zeros behind the last column.</summary>
    public static void Pack(ReadOnlySpan<float> source, int rows, int columns, int rowStride, int columnStride, Span<float> panels)
    {
        for (int first = 0, at = 0; first < columns; first += PanelKernel.Width)
        {
            int width = Math.Min(PanelKernel.Width, columns - first);
            for (int k = 0; k < rows; k++, at += PanelKernel.Width)
            {
                var row = panels.Slice(at, PanelKernel.Width);
                for (int j = 0; j < width; j++) row[j] = source[k * rowStride + (first + j) * columnStride];
                row[width..].Clear();
            }
        }
    }

    /// <summary>Computes y = bias + x·M.</summary>
    public void Multiply(ReadOnlySpan<float> x, Span<float> y) => Multiply(x, ref _panels.First, Rows, Columns, ref _bias.First, y);

    /// <summary>Computes y = bias + x·M for panels that lie anywhere.</summary>
    /// <param name="x">[rows].</param>
    /// <param name="panels">[panels][rows][16].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="bias">[columns, padded to whole panels].</param>
    /// <param name="y">[columns]; nothing is written behind them.</param>
    [SkipLocalsInit]
    public static void Multiply(ReadOnlySpan<float> x, ref float panels, int rows, int columns, ref float bias, Span<float> y)
    {
        int full = columns / PanelKernel.Width, rest = columns % PanelKernel.Width, done = full * PanelKernel.Width;
        ref float from = ref MemoryMarshal.GetReference(x[..rows]);
        ref float to = ref MemoryMarshal.GetReference(y[..columns]);
        if (full > 0) PanelKernel.Run(ref panels, ref from, rows, ref bias, false, ref to, full);
        if (rest == 0) return;
        Span<float> last = stackalloc float[PanelKernel.Width];
        PanelKernel.Run(ref Unsafe.Add(ref panels, (nint)done * rows), ref from, rows, ref Unsafe.Add(ref bias, done), false, ref last[0], 1);
        last[..rest].CopyTo(y[done..]);
    }
}
