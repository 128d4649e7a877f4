using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Makes the network that runs from the one that was trained: batch normalisation goes into the weights in front, dropout goes away.</summary>
public static class BatchNormFolding
{
    /// <summary>Makes a network without batch normalisation and dropout; the other layers are those of the trained one, by reference.</summary>
    /// <remarks>w' = w·γ/√(σ² + ε), b' = β + (b − μ)·γ/√(σ² + ε), in float64, rounded once.</remarks>
    /// <exception cref="ArgumentException">A normalisation does not stand directly behind a convolution or a linear layer.</exception>
    public static Network<T> Fold<T>(Network<T> network) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var layers = new List<Layer<T>>();
        for (int i = 0; i < network.Layers.Count; i++)
        {
            var layer = network.Layers[i];
            if (layer is DropoutLayer<T>) continue;
            if (layer is BatchNormLayer<T>)
            {
                throw new ArgumentException($"Layer '{layer.Name}' (batch normalisation) stands behind '{(i > 0 ? network.Layers[i - 1].Name : "the input")}'; only behind a convolution or a linear layer it can be folded.", nameof(network));
            }
            if (i + 1 < network.Layers.Count && network.Layers[i + 1] is BatchNormLayer<T> norm && Folded(layer, norm) is { } folded)
            {
                layers.Add(folded);
                i++;
                continue;
            }
            layers.Add(layer);
        }
        return new Network<T>(layers);
    }

    private static Layer<T>? Folded<T>(Layer<T> layer, BatchNormLayer<T> norm) where T : unmanaged, IFloatingPointIeee754<T>
    {
        switch (layer)
        {
            case Conv2dLayer<T> conv:
                var c = new Conv2dLayer<T>(conv.Name, conv.Input, conv.Output.Channels, conv.Window);
                Scale(conv.Weights.Value, conv.Bias?.Value, norm, c.Weights.Value, c.Bias!.Value);
                return c;
            case LinearLayer<T> linear:
                var l = new LinearLayer<T>(linear.Name, linear.Input, linear.Output.Count);
                Scale(linear.Weights.Value, linear.Bias?.Value, norm, l.Weights.Value, l.Bias!.Value);
                return l;
            default:
                return null;
        }
    }

    // Both keep the output channel fastest.
    private static void Scale<T>(T[] weights, T[]? bias, BatchNormLayer<T> norm, T[] foldedWeights, T[] foldedBias) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = norm.Input.Channels;
        var gain = new double[n];
        for (int o = 0; o < n; o++)
        {
            gain[o] = D(norm.Scale.Value[o]) / Math.Sqrt(D(norm.RunningVariance[o]) + norm.Epsilon);
            foldedBias[o] = T.CreateTruncating(D(norm.Shift.Value[o]) + ((bias is null ? 0 : D(bias[o])) - D(norm.RunningMean[o])) * gain[o]);
        }
        for (int i = 0; i < weights.Length; i++) foldedWeights[i] = T.CreateTruncating(D(weights[i]) * gain[i % n]);

        static double D(T value) => double.CreateTruncating(value);
    }
}
