using System.Numerics;

namespace EdgeAutonomy.Learning;

/// <summary>Probabilities over the candidates of one step, in float64.</summary>
internal static class CandidateChoice
{
    /// <summary>Writes ln of the probabilities and returns their entropy.</summary>
    /// <param name="scores">The scores, at least one.</param>
    /// <param name="logs">Takes the logarithms, as many.</param>
    public static double Spread<T>(ReadOnlySpan<T> scores, Span<double> logs) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double most = double.NegativeInfinity, sum = 0, weighted = 0;
        for (int i = 0; i < scores.Length; i++) most = Math.Max(most, double.CreateTruncating(scores[i]));
        for (int i = 0; i < scores.Length; i++)
        {
            logs[i] = double.CreateTruncating(scores[i]) - most;
            sum += DeterministicMath.Exp(logs[i]);
        }
        double log = DeterministicMath.Log(sum);
        for (int i = 0; i < scores.Length; i++)
        {
            logs[i] -= log;
            weighted -= DeterministicMath.Exp(logs[i]) * logs[i];
        }
        return weighted;
    }

    /// <summary>Draws one by its probability.</summary>
    /// <param name="logs">ln of the probabilities.</param>
    /// <param name="mass">A random number in [0, 1).</param>
    public static int Draw(ReadOnlySpan<double> logs, double mass)
    {
        for (int i = 0; i < logs.Length - 1; i++)
        {
            if ((mass -= DeterministicMath.Exp(logs[i])) < 0) return i;
        }
        return logs.Length - 1;
    }

    /// <summary>Returns the likeliest one, the first of equals.</summary>
    public static int Best(ReadOnlySpan<double> logs)
    {
        int best = 0;
        for (int i = 1; i < logs.Length; i++) best = logs[i] > logs[best] ? i : best;
        return best;
    }

    /// <summary>Adds the gradient of byLog·ln π(chosen) + byEntropy·H by the scores: ∂ln π_a/∂s_i = [i = a] − p_i, ∂H/∂s_i = −p_i (ln p_i + H).</summary>
    public static void AddGradient<T>(ReadOnlySpan<double> logs, double entropy, int chosen, double byLog, double byEntropy, Span<T> gradient) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < logs.Length; i++)
        {
            double p = DeterministicMath.Exp(logs[i]);
            gradient[i] += T.CreateTruncating(byLog * ((i == chosen ? 1 : 0) - p) - byEntropy * p * (logs[i] + entropy));
        }
    }

    /// <summary>Returns KL(π ‖ anchor) and adds its gradient by the scores: p_i (ln p_i − ln q_i − KL).</summary>
    public static double AddDivergence<T>(ReadOnlySpan<double> logs, ReadOnlySpan<float> anchor, double weight, Span<T> gradient) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double divergence = 0;
        for (int i = 0; i < logs.Length; i++) divergence += DeterministicMath.Exp(logs[i]) * (logs[i] - anchor[i]);
        for (int i = 0; i < logs.Length; i++) gradient[i] += T.CreateTruncating(weight * DeterministicMath.Exp(logs[i]) * (logs[i] - anchor[i] - divergence));
        return divergence;
    }
}
