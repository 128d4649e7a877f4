using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Sees success fall below the incumbent's by a cumulative sum of likelihood ratios (CUSUM, Page 1954).</summary>
/// <remarks>p1 = max(p0 − 0.10, p0/2); per mission ln(p1/p0) on success, ln((1 − p1)/(1 − p0)) on failure, never below 0; fires at ln 20.</remarks>
public sealed class SuccessMonitor
{
    private readonly double _onSuccess, _onFailure, _threshold = DeterministicMath.Log(20);
    private readonly string _rates;

    /// <summary>Makes a monitor.</summary>
    /// <param name="incumbent">The incumbent's share of successes; taken as at least 0.02 and at most 0.98.</param>
    public SuccessMonitor(double incumbent)
    {
        if (double.IsNaN(incumbent)) throw new ArgumentException("Success monitor: the incumbent's share is not a number.", nameof(incumbent));
        double p0 = Math.Clamp(incumbent, 0.02, 0.98), p1 = Math.Max(p0 - 0.10, p0 / 2);
        _onSuccess = DeterministicMath.Log(p1 / p0);
        _onFailure = DeterministicMath.Log((1 - p1) / (1 - p0));
        _rates = string.Create(CultureInfo.InvariantCulture, $"success {p1:0.000} is likelier than {p0:0.000}");
    }

    /// <summary>Gets the sum so far; at least 0.</summary>
    public double Sum { get; private set; }

    /// <summary>Takes a mission that is over.</summary>
    /// <param name="succeeded">Whether its goal was reached.</param>
    public MonitorTrigger? Observe(bool succeeded)
    {
        Sum = Math.Max(0, Sum + (succeeded ? _onSuccess : _onFailure));
        return Sum < _threshold ? null : new MonitorTrigger("success", MonitorAction.Rollback, string.Create(CultureInfo.InvariantCulture, $"{_rates} by e^{Sum:0.00} (e^{_threshold:0.00})"));
    }
}
