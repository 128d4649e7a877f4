namespace EdgeAutonomy.Perception;

/// <summary>Weights of eight bits with one scale per output: w = scale · q, q in [−127, 127], the scale so that the largest weight of the output is ±127.</summary>
/// <param name="Rows">Rows of quantised weights, padded to 16.</param>
/// <param name="Scales">The scale of each place of the output; the gain of the neuron is in it.</param>
internal sealed record Int8Weights(AlignedArray<sbyte> Rows, AlignedArray<float> Scales)
{
    /// <summary>Quantises weights [output][input] into rows [place of the input][place of the output].</summary>
    internal static Int8Weights Linear(double[] weights, int outputs, int inputs, SignalLayout from, SignalLayout to, double[] factor)
    {
        var rows = new AlignedArray<sbyte>(checked(from.Count * to.Count));
        var scales = new AlignedArray<float>(to.Count);
        for (int o = 0; o < outputs; o++)
        {
            double unit = Unit(weights.AsSpan(o * inputs, inputs));
            scales.Span[to.Place(o)] = (float)(unit * factor[o]) + 0f;
            for (int i = 0; i < inputs; i++) rows.Span[from.Place(i) * to.Count + to.Place(o)] = Quantised(weights[o * inputs + i], unit);
        }
        return new Int8Weights(rows, scales);
    }

    /// <summary>Quantises convolution weights [output][input][ky][kx] into rows [ky][kx][input][output].</summary>
    internal static Int8Weights Conv(double[] weights, ConvShape c, SignalLayout to, double[] factor)
    {
        int kernel = c.Window.Height * c.Window.Width, perOutput = c.Channels * kernel;
        var rows = new AlignedArray<sbyte>(checked(perOutput * to.Stride));
        var scales = new AlignedArray<float>(to.Stride);
        for (int o = 0; o < c.OutChannels; o++)
        {
            double unit = Unit(weights.AsSpan(o * perOutput, perOutput));
            scales.Span[o] = (float)(unit * factor[o * to.Sites]) + 0f;
            for (int i = 0; i < c.Channels; i++)
            {
                for (int tap = 0; tap < kernel; tap++) rows.Span[(tap * c.Channels + i) * to.Stride + o] = Quantised(weights[o * perOutput + i * kernel + tap], unit);
            }
        }
        return new Int8Weights(rows, scales);
    }

    /// <summary>Returns the size of one unit of a row's quantised weights.</summary>
    internal static double Unit(ReadOnlySpan<double> weights)
    {
        double largest = 0;
        foreach (double w in weights) largest = Math.Max(largest, Math.Abs(w));
        return largest / 127;
    }

    /// <summary>Rounds to the nearest unit, half to even.</summary>
    internal static sbyte Quantised(double weight, double unit) => unit == 0 ? (sbyte)0 : (sbyte)Math.Clamp(Math.Round(weight / unit), -127, 127);
}
