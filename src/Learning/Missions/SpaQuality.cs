namespace EdgeAutonomy.Learning;

/// <summary>How contributions agree with the truth about progress (notes H.3). Being calibrated does not mean to attribute well (notes I.3).</summary>
/// <param name="RankCorrelation">Spearman's correlation of c_t with the progress of the step, mean over episodes; NaN where the missions do not know the truth.</param>
/// <param name="OnSuccesses">The same over successful episodes only.</param>
/// <param name="OnFailures">The same over failed ones.</param>
/// <param name="PositiveMass">Share of the positive contributions on steps that made progress, mean over episodes.</param>
/// <param name="Slope">Slope of R against Σ c.</param>
/// <param name="Intercept">Intercept of that line.</param>
/// <param name="Error">Mean of (Σ c − R)².</param>
public sealed record SpaQuality(double RankCorrelation, double OnSuccesses, double OnFailures, double PositiveMass, double Slope, double Intercept, double Error)
{
    /// <summary>Measures an attributor on episodes with known truth.</summary>
    /// <param name="attributor">The attributor; where it estimates contributions, those are taken, else its rewards.</param>
    /// <param name="episodes">The episodes, at least one.</param>
    /// <param name="remaining">The remaining cost before each step and after the last one, per episode; empty where a mission does not know it.</param>
    public static SpaQuality Of(IReturnAttributor attributor, IReadOnlyList<Trajectory> episodes, IList<double[]> remaining)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        ArgumentNullException.ThrowIfNull(remaining);
        var estimator = attributor as IStepEstimator ?? (attributor as PotentialAttributor)?.Estimator;
        List<double> won = [], lost = [], mass = [], sums = [], returns = [];
        for (int e = 0; e < episodes.Count; e++)
        {
            var episode = episodes[e];
            var c = new float[episode.Length];
            if (estimator is not null) estimator.Estimate(episode, c);
            else attributor.Attribute(episode, c);
            sums.Add(c.Sum(x => (double)x));
            returns.Add(episode.Return);
            if (remaining.Count <= e || remaining[e].Length != episode.Length + 1) continue;
            var progress = new double[episode.Length];
            var marked = new bool[episode.Length];
            for (int t = 0; t < progress.Length; t++) marked[t] = (progress[t] = remaining[e][t] - remaining[e][t + 1]) > 0;
            double rank = AttributionQuality.RankCorrelation([.. c.Select(x => (double)x)], progress), share = AttributionQuality.PositiveMass(c, marked);
            // Contributions that do not vary have no order: such an episode says nothing, it is not a correlation of zero.
            if (!double.IsNaN(rank)) (episode.Succeeded ? won : lost).Add(rank);
            if (!double.IsNaN(share)) mass.Add(share);
        }
        var (slope, intercept, error) = AttributionQuality.Calibration([.. sums], [.. returns]);
        return new SpaQuality(Mean([.. won, .. lost]), Mean(won), Mean(lost), Mean(mass), slope, intercept, error);
    }

    private static double Mean(List<double> values) => values.Count == 0 ? double.NaN : values.Average();
}
