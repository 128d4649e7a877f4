using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>The mean over the outputs of −y·ln σ(score) − (1 − y)·ln(1 − σ(score)), targets y in 0 … 1.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="decision">How steps become one score.</param>
public sealed class BinaryCrossEntropyLoss<T>(Decision decision = Decision.Mean) : Loss<T>(decision) where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected override double Sample(ReadOnlySpan<double> scores, in Targets<T> targets, int sample, Span<double> gradient)
    {
        double loss = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double x = scores[i], y = double.CreateTruncating(targets.Values[sample * scores.Length + i]);
            // max(x, 0) − x·y + ln(1 + e^−|x|) never overflows.
            loss += (Math.Max(x, 0) - x * y + DeterministicMath.Log(1 + DeterministicMath.Exp(-Math.Abs(x)))) / scores.Length;
            gradient[i] = (DeterministicMath.Sigmoid(x) - y) / scores.Length;
        }
        return loss;
    }
}
