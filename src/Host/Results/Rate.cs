namespace EdgeAutonomy.Host;

/// <summary>A share with its 95 % interval.</summary>
/// <param name="Value">Observed share, in [0, 1]; NaN when nothing was observed.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="N">Trials.</param>
public sealed record Rate(double Value, double Low, double High, long N)
{
    private const double Z = 1.959963984540054; // the normal distribution's 97.5 % quantile

    /// <summary>Makes the rate of <paramref name="hits"/> in <paramref name="trials"/> with Wilson's score interval (Wilson 1927).</summary>
    /// <remarks>Unlike the textbook interval it stays inside [0, 1] and does not shrink to nothing at 0 or n hits.</remarks>
    public static Rate Of(long hits, long trials)
    {
        if (trials <= 0) return new Rate(double.NaN, 0, 1, 0);
        double n = trials, p = hits / n, z2 = Z * Z;
        double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z / (1 + z2 / n) * Math.Sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new Rate(p, hits == 0 ? 0 : middle - half, hits == trials ? 1 : middle + half, trials);
    }
}
