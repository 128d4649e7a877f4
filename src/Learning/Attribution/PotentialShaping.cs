namespace EdgeAutonomy.Learning;

/// <summary>Shaping by a potential that is the clipped running sum of contributions (notes C.6; Ng, Harada, Russell 1999).</summary>
/// <remarks>
/// S_1 = 0, S_{t+1} = clip(S_t + c_t, ± S_max), r̃_t = r_t + γ·S_{t+1} − S_t, and at a true end Φ = 0. Then Σ γ^{t−1} r̃_t = Σ γ^{t−1} r_t for every episode of every policy, whatever the contributions are: wrong ones can
/// cost learning speed, never the optimum. An episode stopped from outside keeps its last potential: its shaped sum is the environment's plus γ^T·S_{T+1}, which the shaped critic's bootstrap takes back.
/// </remarks>
public static class PotentialShaping
{
    /// <summary>Computes the potentials.</summary>
    /// <param name="contribution">c_t, T numbers.</param>
    /// <param name="most">S_max, above 0; infinite = not clipped.</param>
    /// <param name="potential">Takes S_1 … S_{T+1}, T + 1 numbers.</param>
    public static void Sum(ReadOnlySpan<float> contribution, double most, Span<double> potential)
    {
        if (!(most > 0) || potential.Length != contribution.Length + 1) throw new ArgumentException(FormattableString.Invariant($"Potential: S_max is {most}, {contribution.Length} steps and room for {potential.Length} potentials; must be above 0, and one potential more than steps."));
        potential[0] = 0;
        for (int t = 0; t < contribution.Length; t++) potential[t + 1] = Math.Clamp(potential[t] + contribution[t], -most, most);
    }

    /// <summary>Computes the shaped rewards.</summary>
    /// <param name="potential">S_1 … S_{T+1}.</param>
    /// <param name="reward">r_t of the environment, T numbers.</param>
    /// <param name="discount">γ, in [0, 1].</param>
    /// <param name="terminated">Whether the episode truly ended, so that the last potential is 0.</param>
    /// <param name="shaped">Takes r̃_t, T numbers.</param>
    public static void Shape(ReadOnlySpan<double> potential, ReadOnlySpan<float> reward, double discount, bool terminated, Span<double> shaped)
    {
        if (potential.Length != reward.Length + 1 || shaped.Length != reward.Length || discount is not (>= 0 and <= 1)) throw new ArgumentException(FormattableString.Invariant($"Potential: {reward.Length} rewards, {potential.Length} potentials, room for {shaped.Length}, discount {discount}; must be T, T + 1, T and in [0, 1]."));
        for (int t = 0; t < reward.Length; t++)
        {
            double next = terminated && t == reward.Length - 1 ? 0 : potential[t + 1];
            shaped[t] = reward[t] + discount * next - potential[t];
        }
    }
}
