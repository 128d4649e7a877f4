namespace EdgeAutonomy.Perception;

/// <summary>Which input pixel reaches which output pixel through which tap, worked out once.</summary>
internal sealed unsafe class ConvGeometry
{
    private readonly AlignedArray<ConvArguments> _arguments = new(1);
    private readonly AlignedArray<int> _startY, _startX;
    private readonly AlignedArray<Tap> _tapsY, _tapsX;

    /// <summary>Works out the taps.</summary>
    /// <param name="window">Kernel, stride, padding, dilation.</param>
    /// <param name="inHeight">Input rows.</param>
    /// <param name="inWidth">Input columns.</param>
    /// <param name="source">The input's layout.</param>
    /// <param name="outHeight">Output rows.</param>
    /// <param name="outWidth">Output columns.</param>
    /// <param name="target">The output's layout.</param>
    /// <param name="groups">The groups of channels.</param>
    /// <param name="rowStride">Floats from one input channel's weights to the next; 0 when there are no weights.</param>
    internal ConvGeometry(ConvWindow window, int inHeight, int inWidth, SignalLayout source, int outHeight, int outWidth, SignalLayout target, int groups, int rowStride)
    {
        int perTap = source.Channels * rowStride;
        Axis(inHeight, outHeight, window.Height, window.StepY, window.PadTop, window.DilationY, outWidth * target.Stride, window.Width * perTap, out _startY, out _tapsY);
        Axis(inWidth, outWidth, window.Width, window.StepX, window.PadLeft, window.DilationX, target.Stride, perTap, out _startX, out _tapsX);
        // The dense window of the last output row and column may look beyond the padding that the file names; those pixels are zero too.
        PaddedWidth = Math.Max((outWidth - 1) * window.StepX + (window.Width - 1) * window.DilationX + 1, inWidth + window.PadLeft);
        PaddedHeight = Math.Max((outHeight - 1) * window.StepY + (window.Height - 1) * window.DilationY + 1, inHeight + window.PadTop);
        KernelSize = window.Height * window.Width;
        *Arguments = new ConvArguments
        {
            StartY = _startY.Pointer, StartX = _startX.Pointer, TapsY = _tapsY.Pointer, TapsX = _tapsX.Pointer,
            InHeight = inHeight, InWidth = inWidth, InChannels = source.Channels, InStride = source.Stride,
            OutHeight = outHeight, OutWidth = outWidth, OutChannels = target.Channels, OutStride = target.Stride,
            KernelHeight = window.Height, KernelWidth = window.Width, StepY = window.StepY, StepX = window.StepX,
            DilationY = window.DilationY, DilationX = window.DilationX, Groups = groups, PaddedWidth = PaddedWidth, PadTop = window.PadTop, PadLeft = window.PadLeft,
        };
    }

    internal ConvArguments* Arguments => _arguments.Pointer;

    internal int PaddedWidth { get; }

    internal int PaddedHeight { get; }

    /// <summary>Gets the taps of the kernel.</summary>
    internal int KernelSize { get; }

    /// <summary>Returns how many taps all inputs of one channel have together: what a dense step costs per channel pair.</summary>
    internal long TapCount => (long)_tapsY.Length * _tapsX.Length;

    /// <summary>Gets how many output rows all input rows reach together.</summary>
    internal int RowTaps => _tapsY.Length;

    private static void Axis(int inputs, int outputs, int kernel, int step, int pad, int dilation, int outputStride, int weightStride, out AlignedArray<int> starts, out AlignedArray<Tap> taps)
    {
        var all = new List<Tap>();
        starts = new AlignedArray<int>(inputs + 1);
        for (int i = 0; i < inputs; i++)
        {
            starts.Span[i] = all.Count;
            for (int k = kernel - 1; k >= 0; k--)
            {
                int at = i + pad - k * dilation;
                if (at >= 0 && at % step == 0 && at / step < outputs) all.Add(new Tap(at / step * outputStride, k * weightStride));
            }
        }
        starts.Span[inputs] = all.Count;
        taps = new AlignedArray<Tap>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(all));
    }
}
