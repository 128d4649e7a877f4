namespace EdgeAutonomy.Learning;

/// <summary>Advantages of one episode by generalised estimation (Schulman et al. 2016), in float64.</summary>
internal static class MissionAdvantages
{
    /// <summary>δ_t = r_t + γ·V_{t+1} − V_t, Â_t = δ_t + γλ·Â_{t+1}; the value after a true end is 0, after a stop from outside that of the final view.</summary>
    /// <param name="rewards">T rewards.</param>
    /// <param name="values">T values, and one more that is bootstrapped from; that is 0 at a true end.</param>
    /// <param name="discount">γ.</param>
    /// <param name="lambda">λ.</param>
    /// <param name="advantages">Takes T numbers.</param>
    public static void Compute(ReadOnlySpan<float> rewards, ReadOnlySpan<double> values, double discount, double lambda, Span<double> advantages)
    {
        double after = 0;
        for (int t = rewards.Length - 1; t >= 0; t--)
        {
            double delta = rewards[t] + discount * values[t + 1] - values[t];
            advantages[t] = after = delta + discount * lambda * after;
        }
    }
}
