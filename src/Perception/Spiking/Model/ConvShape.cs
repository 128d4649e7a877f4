namespace EdgeAutonomy.Perception;

/// <summary>The window and the extents of a convolution or a pooling node; one axis counts as an image of one row.</summary>
/// <param name="Window">The window.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="Height">Input rows.</param>
/// <param name="Width">Input columns.</param>
/// <param name="OutChannels">Output channels.</param>
/// <param name="OutHeight">Output rows.</param>
/// <param name="OutWidth">Output columns.</param>
/// <param name="Groups">Groups of channels.</param>
internal sealed record ConvShape(ConvWindow Window, int Channels, int Height, int Width, int OutChannels, int OutHeight, int OutWidth, int Groups)
{
    /// <summary>Reads a node whose input has a given shape.</summary>
    /// <exception cref="SpikingModelException">They do not fit.</exception>
    internal static ConvShape Of(FlatNode node, int[] input)
    {
        bool flat = node.Type == NirNodeType.Conv1d;
        int axes = flat ? 1 : 2;
        if (input.Length != axes + 1) throw node.Error($"gets an input of shape {FlatNode.Text(input)}; it needs {(flat ? "[channels, length]" : "[channels, rows, columns]")}.");
        int channels = input[0], height = flat ? 1 : input[1], width = input[^1], outChannels = channels, groups = 1;
        int[] kernel, dilation = [1, 1];
        if (node.IsConv)
        {
            Parameters.Weights(node, "weight", axes + 2, out int[] shape);
            groups = Parameters.PerAxis(node, "groups", 1, 1, 1)[0];
            outChannels = shape[0];
            if (outChannels % groups != 0 || (long)shape[1] * groups != channels)
                throw node.Error($"has a weight of shape {FlatNode.Text(shape)} in {groups} groups, which takes {(long)shape[1] * groups} channels, but its input has {channels} ({FlatNode.Text(input)}).");
            kernel = shape[2..];
            dilation = Parameters.PerAxis(node, "dilation", axes, 1, 1);
        }
        else kernel = Parameters.PerAxis(node, "kernel_size", axes, 1);
        int[] step = node.IsConv ? Parameters.PerAxis(node, "stride", axes, 1, 1) : Parameters.PerAxis(node, "stride", axes, 1);
        int kh = flat ? 1 : kernel[0], sh = flat ? 1 : step[0], dh = flat ? 1 : dilation[0];
        int kw = kernel[^1], sw = step[^1], dw = dilation[axes - 1];
        var (top, outHeight) = Axis(node, "rows", height, kh, sh, dh, flat ? 0 : null, 0, axes);
        var (left, outWidth) = Axis(node, flat ? "length" : "columns", width, kw, sw, dw, null, axes - 1, axes);
        return new ConvShape(new ConvWindow(kh, kw, sh, sw, top, left, dh, dw), channels, height, width, outChannels, outHeight, outWidth, groups);
    }

    /// <summary>Gets the output's shape as NIR counts it.</summary>
    internal int[] OutputShape(NirNodeType type) => type == NirNodeType.Conv1d ? [OutChannels, OutWidth] : [OutChannels, OutHeight, OutWidth];

    private static (int Pad, int Outputs) Axis(FlatNode node, string what, int n, int kernel, int step, int dilation, int? fixedPad, int axis, int axes)
    {
        long reach = (long)dilation * (kernel - 1);
        long pad = 0, outputs;
        if (fixedPad is null && node.Node!.Parameters["padding"] is NirText text)
        {
            if (text.Text == "same")
            {
                if (step != 1) throw node.Error($"has padding 'same' with stride {step}; 'same' needs stride 1.");
                // An odd rest goes behind, as PyTorch does it.
                return ((int)(reach / 2), n);
            }
            if (text.Text != "valid") throw node.Error($"has padding '{text.Text}'; it must be a number, 'same' or 'valid'.");
        }
        else pad = fixedPad ?? Parameters.PerAxis(node, "padding", axes, 0, 0)[axis];
        outputs = (n + 2 * pad - reach - 1) / step + 1;
        if (n + 2 * pad - reach - 1 < 0) throw node.Error($"has a kernel that reaches over {reach + 1} {what}, but its input has {n} and {pad} of padding at either side.");
        return ((int)pad, checked((int)outputs));
    }
}
