namespace EdgeAutonomy.Runtime;

/// <summary>How windows lie over the rows and columns of an image: the settings that Conv and the pools share, checked and completed.</summary>
/// <remarks>A signal with one axis is an image of one row.</remarks>
internal sealed class WindowPlan
{
    private const int MaxExtent = 1 << 20;

    /// <summary>Reads the settings of a node.</summary>
    /// <param name="c">The node.</param>
    /// <param name="shape">The input, [batch, channels, (rows,) columns].</param>
    /// <param name="kernel">The window's extents from the weights; null = from the settings.</param>
    public WindowPlan(OperatorContext c, int[] shape, int[]? kernel)
    {
        int axes = shape.Length - 2;
        if (axes is not (1 or 2)) throw c.Unsupported($"the input is [{string.Join(", ", shape)}]; the managed engine takes [batch, channels, columns] and [batch, channels, rows, columns]");
        int[] stated = c.Wholes("kernel_shape", axes, 1, MaxExtent) ?? kernel ?? throw c.Fail("the setting 'kernel_shape' is missing");
        if (kernel is not null && !stated.AsSpan().SequenceEqual(kernel)) throw c.Fail($"kernel_shape is [{string.Join(", ", stated)}], the weights are of [{string.Join(", ", kernel)}]");
        int[] ones = axes == 1 ? [1] : [1, 1];
        int[] strides = c.Wholes("strides", axes, 1, MaxExtent) ?? ones, dilations = c.Wholes("dilations", axes, 1, MaxExtent) ?? ones;
        int[] pads = c.Wholes("pads", 2 * axes, 0, MaxExtent) ?? new int[2 * axes];
        string auto = c.Text("auto_pad", "NOTSET");
        bool up = c.Flag("ceil_mode");
        Batch = shape[0];
        Channels = shape[1];
        (Rows, Columns) = axes == 1 ? (1, shape[2]) : (shape[2], shape[3]);
        KernelRows = axes == 1 ? 1 : stated[0];
        KernelColumns = stated[^1];
        StrideRows = axes == 1 ? 1 : strides[0];
        StrideColumns = strides[^1];
        DilationRows = axes == 1 ? 1 : dilations[0];
        DilationColumns = dilations[^1];
        var vertical = axes == 1 ? (Low: 0, High: 0, Out: 1) : Axis(c, auto, Rows, KernelRows, StrideRows, DilationRows, pads[0], pads[axes], up);
        var horizontal = Axis(c, auto, Columns, KernelColumns, StrideColumns, DilationColumns, pads[axes - 1], pads[^1], up);
        (PadTop, PadBottom, OutRows) = vertical;
        (PadLeft, PadRight, OutColumns) = horizontal;
        Spatial = axes == 1 ? [OutColumns] : [OutRows, OutColumns];
    }

    public int Batch { get; }

    public int Channels { get; }

    public int Rows { get; }

    public int Columns { get; }

    public int KernelRows { get; }

    public int KernelColumns { get; }

    public int StrideRows { get; }

    public int StrideColumns { get; }

    public int DilationRows { get; }

    public int DilationColumns { get; }

    public int PadTop { get; }

    public int PadBottom { get; }

    public int PadLeft { get; }

    public int PadRight { get; }

    public int OutRows { get; }

    public int OutColumns { get; }

    /// <summary>Gets the extents of the result behind batch and channels.</summary>
    public int[] Spatial { get; }

    public int Pixels => Rows * Columns;

    public int OutPixels => OutRows * OutColumns;

    private static (int Low, int High, int Out) Axis(OperatorContext c, string auto, int n, int kernel, int stride, int dilation, int low, int high, bool up)
    {
        long reach = (long)dilation * (kernel - 1) + 1;
        if (auto is "SAME_UPPER" or "SAME_LOWER")
        {
            // As many windows as strides fit, and the pads that takes, the odd one at the end or at the start.
            long count = (n + stride - 1) / stride, pad = Math.Max(0, (count - 1) * stride + reach - n);
            low = (int)Math.Min(auto == "SAME_UPPER" ? pad / 2 : pad - pad / 2, MaxExtent);
            high = (int)Math.Min(pad - low, MaxExtent);
        }
        else if (auto == "VALID") low = high = 0;
        else if (auto != "NOTSET") throw c.Fail($"auto_pad is '{auto}', must be NOTSET, SAME_UPPER, SAME_LOWER or VALID");
        long room = (long)n + low + high - reach;
        if (room < 0) throw c.Fail($"a window of {reach} (kernel {kernel}, dilation {dilation}) does not fit over {n} with pads {low} and {high}");
        long windows = (up ? (room + stride - 1) / stride : room / stride) + 1;
        // A window that would begin in the padding behind the end is left out.
        if (up && (windows - 1) * stride >= n + low) windows--;
        return (low, high, (int)windows);
    }
}
