using EdgeAutonomy.Learning;

namespace EdgeAutonomy.Host;

/// <summary>A share with its 95 % interval.</summary>
/// <param name="Value">Observed share, in [0, 1]; NaN when nothing was observed.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
/// <param name="N">Trials.</param>
public sealed record Rate(double Value, double Low, double High, long N)
{
    /// <summary>Makes the rate of <paramref name="hits"/> in <paramref name="trials"/> with Wilson's score interval (Wilson 1927).</summary>
    /// <remarks>Unlike the textbook interval it stays inside [0, 1] and does not shrink to nothing at 0 or n hits.</remarks>
    public static Rate Of(long hits, long trials)
    {
        if (trials <= 0) return new Rate(double.NaN, 0, 1, 0);
        var share = Interval.OfShare(hits, trials);
        return new Rate(share.Value, share.Low, share.High, trials);
    }
}
