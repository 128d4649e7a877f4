namespace EdgeAutonomy.Learning;

/// <summary>The rewards of the three-body experiment as pure functions. Energy errors are relative to the energy at the start; μ is the step parameter.</summary>
public static class ThreeBodyReward
{
    private const double Log10 = 0.43429448190325182; // 1/ln 10

    /// <summary>Returns log10 of the size of an error, with sizes below 1e-300 taken as that and NaN or infinity as 1e300.</summary>
    /// <param name="error">Any number.</param>
    public static double LogSize(double error)
    {
        double size = Math.Abs(error);
        return DeterministicMath.Log(size <= 1e300 ? Math.Max(size, 1e-300) : 1e300) * Log10;
    }

    /// <summary>
    /// Returns the published reward, option 5 (arXiv 2502.12809, code): −W0·log10(|ΔE|/1e-10)/|log10|ΔE||³/i + W2/|log10 μ|, and 0 on the first check.
    /// </summary>
    /// <remarks>
    /// Not Markov: the factor 1/i is in no state. It has a pole at |ΔE| = 1, past the end of every episode (|ΔE| &gt; 0.1); so that an interval that jumps beyond
    /// 0.1 keeps a finite reward, |log10|ΔE|| is taken as at least 0.1 in the denominator and |ΔE| as at most 10 in the numerator.
    /// </remarks>
    /// <param name="error">ΔE, cumulative and signed.</param>
    /// <param name="check">The number of the check, i, from 1 on.</param>
    /// <param name="parameter">The step parameter μ in use, above 0 and not 1.</param>
    /// <param name="accuracyWeight">W0; 3000, or 3500 in the top-level settings file.</param>
    /// <param name="speedWeight">W2; 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">The check is below 1, or the parameter is not in (0, 1).</exception>
    public static double Published(double error, int check, double parameter, double accuracyWeight = 3000, double speedWeight = 4)
    {
        if (check < 1) throw new ArgumentOutOfRangeException(nameof(check), check, "Checks are counted from 1.");
        if (!(parameter > 0 && parameter < 1)) throw new ArgumentOutOfRangeException(nameof(parameter), parameter, "The published reward is defined for parameters in (0, 1).");
        if (check == 1) return 0;
        double log = Math.Min(1, LogSize(error));
        double size = Math.Max(0.1, Math.Abs(log));
        return (-accuracyWeight * (log + 10) / (size * size * size) / check) + (speedWeight / Math.Abs(LogSize(parameter)));
    }

    /// <summary>Returns our potential Φ = −w·max(0, log10(|ΔE|/tol)); an error that is NaN or infinite counts as 10.</summary>
    /// <param name="error">ΔE, cumulative.</param>
    /// <param name="tolerance">The error below which accuracy no longer pays, above 0.</param>
    /// <param name="weight">w.</param>
    public static double Potential(double error, double tolerance, double weight) =>
        -weight * Math.Max(0, Math.Min(1, LogSize(error)) - LogSize(tolerance));

    /// <summary>Returns our reward of one interval, Φ_i − Φ_{i−1} − c·log10(1 + cost/reference).</summary>
    /// <remarks>Undiscounted, the first two terms add up to Φ at the end exactly. γΦ_i − Φ_{i−1} would be pure shaping and take accuracy out of the objective.</remarks>
    /// <param name="potential">Φ after the interval.</param>
    /// <param name="potentialBefore">Φ before it; 0 at the start.</param>
    /// <param name="cost">The steps or evaluations of the interval.</param>
    /// <param name="reference">The cost of an interval at a middling parameter, above 0.</param>
    /// <param name="price">c.</param>
    public static double Ours(double potential, double potentialBefore, double cost, double reference, double price) =>
        potential - potentialBefore - (price * LogSize(1 + (cost / reference)));
}
