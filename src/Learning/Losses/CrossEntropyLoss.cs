using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>−ln of the softmax of the right class's score, with label smoothing.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="decision">How steps become one score.</param>
/// <param name="smoothing">The share of the target that is spread evenly over all classes, 0 … below 1.</param>
public sealed class CrossEntropyLoss<T>(Decision decision = Decision.Mean, double smoothing = 0) : Loss<T>(decision) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Description => FormattableString.Invariant($"{base.Description} smoothing={smoothing}");

    private protected override double Sample(ReadOnlySpan<double> scores, in Targets<T> targets, int sample, Span<double> gradient)
    {
        Softmax(scores, gradient);
        double loss = 0, even = smoothing / scores.Length, top = double.NegativeInfinity, sum = 0;
        foreach (double s in scores) top = Math.Max(top, s);
        foreach (double s in scores) sum += DeterministicMath.Exp(s - top);
        double normal = top + DeterministicMath.Log(sum);
        for (int i = 0; i < scores.Length; i++)
        {
            double target = even + (i == targets.Classes[sample] ? 1 - smoothing : 0);
            loss += target * (normal - scores[i]);
            gradient[i] -= target;
        }
        return loss;
    }

    private protected override void Check(in Targets<T> targets, int samples, int outputs)
    {
        if (targets.Classes.Length != samples) throw new ArgumentException($"{samples} samples need as many classes, {targets.Classes.Length} are given.");
        foreach (int c in targets.Classes)
        {
            if ((uint)c >= (uint)outputs) throw new ArgumentException($"A class is {c}; the network has outputs 0 … {outputs - 1}.");
        }
    }
}
