using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Keeps the firing of each spiking layer in bounds: adds weight · (max(0, r − high)² + max(0, low − r)²), r the layer's mean spikes per neuron and step.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="weight">How much it counts beside the loss.</param>
/// <param name="low">No cost above this mean.</param>
/// <param name="high">No cost below this mean.</param>
public sealed class RateRegulariser<T>(double weight, double low = 0, double high = 0) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Adds the gradient of one layer.</summary>
    /// <param name="pass">The batch.</param>
    /// <param name="spikes">Its outputs.</param>
    /// <param name="gradient">∂loss/∂output; is added to.</param>
    /// <returns>The cost.</returns>
    public double Add(in LayerPass pass, ReadOnlySpan<T> spikes, Span<T> gradient)
    {
        double sum = 0;
        foreach (T s in spikes) sum += double.CreateTruncating(s);
        double rate = sum / spikes.Length, off = rate > high ? rate - high : rate < low ? rate - low : 0;
        if (off == 0) return 0;
        var slope = Lanes.Of<T>(2 * weight * off / spikes.Length);
        for (int i = 0; i < gradient.Length; i += Vector<T>.Count) Lanes.Store(Lanes.Load<T>(gradient, i) + slope, gradient, i);
        return weight * off * off;
    }
}
