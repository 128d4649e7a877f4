using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Sees a return attributor that no longer fits: its sums are off the returns, or go the other way.</summary>
/// <param name="maxReturn">The largest return of a mission; more than 0.</param>
/// <param name="limit">Mean residual, as a share of <paramref name="maxReturn"/>, that is too much when exceeded; default 0.25.</param>
/// <param name="window">Missions it looks at; default 50.</param>
public sealed class AttributionMonitor(double maxReturn, double limit = 0.25, int window = 50)
{
    private readonly MeanWindow _attributed = new(window), _returns = new(window);

    /// <summary>Takes a mission that is over.</summary>
    /// <param name="attributed">Sum of the progress attributed to its steps.</param>
    /// <param name="missionReturn">Its return.</param>
    public MonitorTrigger? Observe(double attributed, double missionReturn)
    {
        if (!double.IsFinite(attributed) || !double.IsFinite(missionReturn)) return new MonitorTrigger("attribution", MonitorAction.StopLearning, "attributed progress or return is not a number");
        _attributed.Add(attributed);
        _returns.Add(missionReturn);
        if (!_attributed.IsFull) return null;
        double residual = _attributed.Mean - _returns.Mean, correlation = Correlation();
        // Flipped, not merely absent: beyond two standard errors of a correlation of 0, which is 1/√n.
        bool flipped = correlation < -2 / Math.Sqrt(window);
        if (!(Math.Abs(residual) > limit * maxReturn) && !flipped) return null;
        return new MonitorTrigger("attribution", MonitorAction.StopLearning, string.Create(CultureInfo.InvariantCulture, $"over {window} missions mean residual {residual:0.000} (at most {limit * maxReturn:0.###}), correlation {correlation:0.00}"));
    }

    private double Correlation()
    {
        ReadOnlySpan<double> a = _attributed.Values, b = _returns.Values;
        double meanA = _attributed.Mean, meanB = _returns.Mean, ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }
}
