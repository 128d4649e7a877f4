namespace EdgeAutonomy.Learning;

/// <summary>How an arm stands against a front of others on one test set.</summary>
/// <param name="Mixture">log10 of its mean-log cost over that of the cheapest mixture of front arms with at most its mean log10 error; infinite bounds where no mixture is as accurate (below) .</param>
/// <param name="Cheaper">Of the front arms that cost at most as much in the median the most accurate; empty = none does.</param>
/// <param name="CheaperError">Median paired difference of log10 error to it.</param>
/// <param name="Finer">Of the front arms that are at least as accurate in the median the cheapest; empty = none is.</param>
/// <param name="FinerCost">Median paired difference of log10 cost to it.</param>
/// <param name="Both">A front arm that is better on both axes with both intervals apart; empty = none is.</param>
/// <param name="MoreBlowUps">Mean paired difference of the share of episodes with |ΔE/E0| &gt; 1e-2 to <paramref name="Finer"/>, or where there is none to <paramref name="Cheaper"/>, or to the most accurate.</param>
public sealed record FrontComparison(Interval Mixture, string Cheaper, Interval CheaperError, string Finer, Interval FinerCost, string Both, Interval MoreBlowUps)
{
    private const double BlowUp = -2;

    /// <summary>Gets whether it lies outside the front with every interval apart, and does not blow up more often.</summary>
    public bool IsBetter => Mixture.High < 0 && (Cheaper.Length == 0 || CheaperError.High < 0) && (Finer.Length == 0 || FinerCost.High < 0) && !(MoreBlowUps.Low > 0);

    /// <summary>Gets whether it lies inside: a front arm is better on both axes, or a mixture of them is.</summary>
    public bool IsWorse => Both.Length > 0 || Mixture.Low > 0;

    /// <summary>Compares an arm with a front.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="front">The front, on the same episodes; at least one arm.</param>
    /// <param name="resamples">How many resamples.</param>
    public static FrontComparison Of(ArmSample arm, IReadOnlyList<ArmSample> front, int resamples = PairedBootstrap.Resamples)
    {
        ArgumentNullException.ThrowIfNull(arm);
        ArgumentNullException.ThrowIfNull(front);
        ArgumentOutOfRangeException.ThrowIfZero(front.Count);
        ArmSample? cheaper = front.Where(f => f.MedianCost <= arm.MedianCost).MinBy(f => f.MedianError);
        ArmSample? finer = front.Where(f => f.MedianError <= arm.MedianError).MinBy(f => f.MedianCost);
        var none = new Interval(double.NaN, double.NaN, double.NaN, arm.Episodes);
        string both = "";
        foreach (ArmSample f in front.Where(f => f.MedianCost <= arm.MedianCost && f.MedianError <= arm.MedianError))
        {
            if (PairedBootstrap.MedianDifference(arm.LogError, f.LogError, 1, resamples).Low > 0 && PairedBootstrap.MedianDifference(arm.LogCost, f.LogCost, 1, resamples).Low > 0) both = f.Name;
            if (both.Length > 0) break;
        }
        return new FrontComparison(
            MixtureCost(arm, front, resamples),
            cheaper?.Name ?? "", cheaper is null ? none : PairedBootstrap.MedianDifference(arm.LogError, cheaper.LogError, 1, resamples),
            finer?.Name ?? "", finer is null ? none : PairedBootstrap.MedianDifference(arm.LogCost, finer.LogCost, 1, resamples),
            both,
            PairedBootstrap.MeanDifference(Above(arm), Above(finer ?? cheaper ?? front.MinBy(f => f.MedianError)!), 1, resamples));
    }

    /// <summary>Returns log10 of an arm's cost over that of the cheapest mixture of front arms that is as accurate in the mean, with its paired interval.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="front">The front; arms of one row.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <returns>−∞ where no mixture is as accurate.</returns>
    public static Interval MixtureCost(ArmSample arm, IReadOnlyList<ArmSample> front, int resamples = PairedBootstrap.Resamples)
    {
        ArgumentNullException.ThrowIfNull(arm);
        ArgumentNullException.ThrowIfNull(front);
        var draw = new PairedBootstrap.Draw(arm.LogError.Count, arm.Episodes, 1);
        var points = new (double Cost, double Error)[front.Count];
        double rows = arm.LogError.Count, n = arm.Episodes;
        return PairedBootstrap.Run(draw, resamples, arm.Episodes, () =>
        {
            double cost = 0, error = 0;
            for (int s = 0; s < arm.LogError.Count; s++)
            {
                cost += draw.Seeds[s] * Weighted(arm.LogCost[s], draw.Episodes) / rows / n;
                error += draw.Seeds[s] * Weighted(arm.LogError[s], draw.Episodes) / rows / n;
            }
            for (int i = 0; i < points.Length; i++) points[i] = (Weighted(front[i].LogCost[0], draw.Episodes) / n, Weighted(front[i].LogError[0], draw.Episodes) / n);
            return cost - LowerHull.LeastCost(points, error);
        });
    }

    private static double Weighted(double[] values, int[] weights)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++) sum += weights[i] * values[i];
        return sum;
    }

    private static double[][] Above(ArmSample arm) => [.. arm.LogError.Select(r => r.Select(e => e > BlowUp ? 1.0 : 0.0).ToArray())];
}
