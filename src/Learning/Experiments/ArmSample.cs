namespace EdgeAutonomy.Learning;

/// <summary>An arm's episodes on one test set.</summary>
/// <param name="Name">The arm.</param>
/// <param name="LogError">log10 of the error, [training seed, episode]; one row where nothing was learned.</param>
/// <param name="LogCost">log10 of the cost, likewise.</param>
public sealed record ArmSample(string Name, IReadOnlyList<double[]> LogError, IReadOnlyList<double[]> LogCost)
{
    /// <summary>Gets the median log10 error over all rows.</summary>
    public double MedianError { get; } = Quantile(LogError.SelectMany(r => r), 0.5);

    /// <summary>Gets the median log10 cost over all rows.</summary>
    public double MedianCost { get; } = Quantile(LogCost.SelectMany(r => r), 0.5);

    /// <summary>Gets how many episodes there are.</summary>
    public int Episodes => LogError[0].Length;

    /// <summary>Returns the share of episodes with an error above a bound, over all rows.</summary>
    /// <param name="logError">log10 of the bound.</param>
    public double ShareAbove(double logError) => LogError.SelectMany(r => r).Average(e => e > logError ? 1.0 : 0.0);

    /// <summary>Returns a quantile with linear interpolation between order statistics.</summary>
    /// <param name="values">The values, at least one.</param>
    /// <param name="share">In [0, 1].</param>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) throw new ArgumentException("A quantile needs at least one value.", nameof(values));
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }
}
