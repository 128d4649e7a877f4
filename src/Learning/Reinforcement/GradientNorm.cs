using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>The norm of all gradients, in sixteen float64 sums side by side.</summary>
/// <remarks>
/// <see cref="Optimiser{T}.ClipByNorm"/> adds up one after the other, and the networks that ship were trained with that order; at the sizes of control that chain of additions took
/// longer than a backward pass. The order here is fixed too: element i goes into sum i mod 16, and the sums are added in order, whatever the registers.
/// </remarks>
internal static class GradientNorm
{
    /// <summary>Scales all gradients down so that their common norm is at most a bound.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <param name="bound">The bound; infinite = only measure.</param>
    /// <returns>The norm before.</returns>
    public static double Clip(IReadOnlyList<Parameter<float>> parameters, double bound)
    {
        double sum = 0;
        for (int i = 0; i < parameters.Count; i++) sum += SquaredSum(parameters[i].Gradient);
        double norm = Math.Sqrt(sum);
        if (!(norm > bound)) return norm;
        var scale = Lanes.Of<float>(bound / norm);
        for (int k = 0; k < parameters.Count; k++)
        {
            float[] gradient = parameters[k].Gradient;
            for (int i = 0; i < gradient.Length; i += System.Numerics.Vector<float>.Count) Lanes.Store(scale * Lanes.Load<float>(gradient, i), gradient, i);
        }
        return norm;
    }

    /// <summary>Returns Σ x², each lane of sixteen by itself first.</summary>
    internal static double SquaredSum(ReadOnlySpan<float> x)
    {
        Vector512<double> low = default, high = default;
        int i = 0;
        for (; i + 16 <= x.Length; i += 16)
        {
            var (a, b) = Vector512.Widen(Vector512.Create(x.Slice(i, 16)));
            low += a * a;
            high += b * b;
        }
        Span<double> lanes = stackalloc double[16];
        low.CopyTo(lanes);
        high.CopyTo(lanes[8..]);
        for (int k = 0; i < x.Length; i++, k++) lanes[k] += (double)x[i] * x[i];
        double sum = 0;
        foreach (double lane in lanes) sum += lane;
        return sum;
    }

    /// <summary>Computes the same without registers, for the tests.</summary>
    internal static double SquaredSumScalar(ReadOnlySpan<float> x)
    {
        Span<double> lanes = stackalloc double[16];
        lanes.Clear();
        for (int i = 0; i < x.Length; i++) lanes[i % 16] += (double)x[i] * x[i];
        double sum = 0;
        foreach (double lane in lanes) sum += lane;
        return sum;
    }
}
