using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Sees a policy whose choices drift away from those of its reference.</summary>
/// <param name="limit">Mean Kullback-Leibler divergence in nat that is too much when exceeded; default 0.5.</param>
/// <param name="window">Decisions it looks at; default 200.</param>
public sealed class DivergenceMonitor(double limit = 0.5, int window = 200)
{
    // Keeps a reference that is certain from making one decision count for all.
    private const double Least = 1e-6;

    private readonly MeanWindow _divergence = new(window);

    /// <summary>Takes a decision.</summary>
    /// <param name="policy">The policy's probabilities over the commands on offer.</param>
    /// <param name="reference">The reference's, of the same length and order.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public MonitorTrigger? Observe(ReadOnlySpan<float> policy, ReadOnlySpan<float> reference)
    {
        if (policy.Length != reference.Length) throw new ArgumentException($"Divergence monitor: the policy gives {policy.Length} probabilities, the reference {reference.Length}.", nameof(reference));
        double sum = 0;
        for (int i = 0; i < policy.Length; i++)
        {
            if (policy[i] > 0) sum += policy[i] * DeterministicMath.Log(policy[i] / Math.Max(reference[i], Least));
        }
        // What is not a number is the numeric monitor's; here it must not poison the mean.
        _divergence.Add(double.IsFinite(sum) ? sum : 0);
        return !_divergence.IsFull || _divergence.Mean <= limit ? null : new MonitorTrigger("divergence", MonitorAction.Alarm, string.Create(CultureInfo.InvariantCulture, $"mean divergence {_divergence.Mean:0.000} nat over {window} decisions (at most {limit:0.###})"));
    }
}
