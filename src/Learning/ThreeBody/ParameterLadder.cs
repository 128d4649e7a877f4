using System.Globalization;

namespace EdgeAutonomy.Learning;

/// <summary>The step parameters that an action chooses from, finest first.</summary>
/// <remarks>The published ladders are those of <c>env/ThreeBP_env.py</c> and its settings files (arXiv 2502.12809): ten rungs, logarithmic, ends included.</remarks>
public sealed class ParameterLadder
{
    private readonly double[] _rungs;

    /// <summary>Creates a ladder.</summary>
    /// <param name="rungs">At least two values, finite, above 0, each larger than the one before; copied.</param>
    /// <exception cref="ArgumentException">There are too few, or one breaks the rule.</exception>
    public ParameterLadder(ReadOnlySpan<double> rungs)
    {
        if (rungs.Length < 2) throw new ArgumentException($"A ladder of parameters has {rungs.Length} rungs; a choice needs at least 2.", nameof(rungs));
        for (int i = 0; i < rungs.Length; i++)
        {
            if (!(rungs[i] > (i == 0 ? 0 : rungs[i - 1])) || !double.IsFinite(rungs[i]))
                throw new ArgumentException($"Rung {i} of a ladder of parameters is {rungs[i]}; rungs must be finite, above 0 and rising.", nameof(rungs));
        }
        _rungs = rungs.ToArray();
    }

    /// <summary>Gets the ladder of μ for Hermite and of η for ph4: 1e-4 … 1e-1, ten rungs.</summary>
    public static ParameterLadder Hermite { get; } = Logarithmic(1e-4, 1e-1, 10);

    /// <summary>Gets the ladder of η for Huayno: 1e-5 … 1e-1, ten rungs.</summary>
    public static ParameterLadder Huayno { get; } = Logarithmic(1e-5, 1e-1, 10);

    /// <summary>Gets the ladder of fixed steps in years for Symple: 1e-7 … 1e-2, ten rungs.</summary>
    public static ParameterLadder SympleYears { get; } = Logarithmic(1e-7, 1e-2, 10);

    /// <summary>Gets our ladder of fixed steps in years: 10^−5.5 … 10^−2, eight rungs, half a decade apart.</summary>
    public static ParameterLadder FixedYears { get; } = Logarithmic(3.16227766016838e-6, 1e-2, 8);

    /// <summary>Gets the number of rungs.</summary>
    public int Count => _rungs.Length;

    /// <summary>Gets a rung; 0 is the finest.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public double this[int index] => _rungs[index];

    /// <summary>Returns a ladder with equal ratios between its rungs, both ends included.</summary>
    /// <param name="low">The finest rung, above 0.</param>
    /// <param name="high">The coarsest rung, above <paramref name="low"/>.</param>
    /// <param name="count">The number of rungs, at least 2.</param>
    /// <exception cref="ArgumentException">The values do not make a ladder.</exception>
    public static ParameterLadder Logarithmic(double low, double high, int count)
    {
        if (count < 2) throw new ArgumentOutOfRangeException(nameof(count), count, "A ladder of parameters needs at least 2 rungs.");
        if (!(low > 0) || !(high > low)) throw new ArgumentException($"A logarithmic ladder from {low} to {high} does not rise from above 0.", nameof(low));
        var rungs = new double[count];
        for (int i = 0; i < count; i++)
        {
            // To 15 digits, so that a rung that is a power of ten is exactly that.
            double rung = low * DeterministicMath.Pow(high / low, i / (count - 1.0));
            rungs[i] = double.Parse(rung.ToString("E14", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }
        (rungs[0], rungs[^1]) = (low, high);
        return new ParameterLadder(rungs);
    }
}
