namespace EdgeAutonomy.Runtime;

/// <summary>The decay factors β = e^(−dt/τ) of one time constant on a grid of periods, computed once.</summary>
/// <remarks>
/// A leak, an average or a discount on an adaptive period needs β for any dt a loop can show: grid periods, and whole multiples of the
/// shortest one after skipped slots. Grid periods come from the table. A multiple m is composed from the table of powers of two by the
/// binary digits of m, lowest first, so every machine and every replay multiplies in the same order. A dt off the grid (a first cycle, a
/// changed clock) falls back to <see cref="DeterministicMath.Exp"/>. Immutable, thread-safe, allocation-free after construction.
/// </remarks>
public sealed class DecayTable
{
    // 2^40 shortest periods; beyond, no time constant leaves anything.
    private const int Digits = 40;

    private readonly double[] _powers = new double[Digits];
    private readonly float[] _grid;
    private readonly long _shortest;
    private readonly double _tau;

    /// <summary>Makes a table.</summary>
    /// <param name="grid">The periods of the loop.</param>
    /// <param name="tau">The time constant; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time constant is not positive.</exception>
    public DecayTable(PeriodGrid grid, Duration tau)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (tau.Nanoseconds <= 0) throw new ArgumentOutOfRangeException(nameof(tau), tau, $"Decay table: tau is {tau}; must be positive.");
        _shortest = grid.Shortest.Nanoseconds;
        _tau = tau.Nanoseconds;
        for (int i = 0; i < Digits; i++) _powers[i] = DeterministicMath.Exp(-((double)_shortest * (1L << i)) / _tau);
        _grid = new float[grid.Count];
        for (int i = 0; i < grid.Count; i++) _grid[i] = (float)_powers[i];
        Tau = tau;
    }

    /// <summary>Gets the time constant.</summary>
    public Duration Tau { get; }

    /// <summary>Gets the factor of a grid period.</summary>
    /// <param name="index">Index into the grid.</param>
    public float this[int index] => _grid[index];

    /// <summary>Returns the factor over a time step, in [0, 1]; 1 for a step of nothing or less.</summary>
    /// <param name="dt">The step; usually a grid period or a multiple of the shortest.</param>
    /// <returns>Within 2 + 2·(binary ones of the multiple) ulp of e^(−dt/τ).</returns>
    public double Beta(Duration dt)
    {
        if (dt.Nanoseconds <= 0) return 1;
        (long multiple, long rest) = Math.DivRem(dt.Nanoseconds, _shortest);
        if (rest != 0) return DeterministicMath.Exp(-dt.Nanoseconds / _tau);
        if (multiple >> Digits != 0) return 0;
        double beta = 1;
        for (int i = 0; multiple != 0; i++, multiple >>= 1)
        {
            if ((multiple & 1) != 0) beta *= _powers[i];
        }
        return beta;
    }

    /// <summary>Returns the factor over a time step in single precision: the rounded <see cref="Beta"/>.</summary>
    public float BetaSingle(Duration dt) => (float)Beta(dt);
}
