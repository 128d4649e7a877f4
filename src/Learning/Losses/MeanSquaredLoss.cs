using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>The mean over the outputs of (score − target)²; for rates of spikes take <see cref="Decision.Mean"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="decision">How steps become one score.</param>
public sealed class MeanSquaredLoss<T>(Decision decision = Decision.Mean) : Loss<T>(decision) where T : unmanaged, IFloatingPointIeee754<T>
{
    private protected override double Sample(ReadOnlySpan<double> scores, in Targets<T> targets, int sample, Span<double> gradient)
    {
        double loss = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double off = scores[i] - double.CreateTruncating(targets.Values[sample * scores.Length + i]);
            loss += off * off / scores.Length;
            gradient[i] = 2 * off / scores.Length;
        }
        return loss;
    }
}
