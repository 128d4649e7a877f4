using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Sees a policy that stays busy instead of finishing: everything grounded, every mission as long as allowed, success falling.</summary>
/// <remarks>The signature of a reward for acting as such (see the paper's grounding bonus, arXiv 2505.20732, trained online).</remarks>
/// <param name="baseline">The incumbent's share of successes, 0 … 1.</param>
/// <param name="window">Missions it looks at; default 20.</param>
public sealed class LoiteringMonitor(double baseline, int window = 20)
{
    private readonly MeanWindow _grounded = new(window), _length = new(window), _success = new(window);

    /// <summary>Takes a mission that is over.</summary>
    /// <param name="report">Its report.</param>
    /// <returns>A trigger; null while all is well.</returns>
    public MonitorTrigger? Observe(MissionReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Steps == 0 || report.Limit == 0) return null;
        _grounded.Add((double)report.Grounded / report.Steps);
        _length.Add((double)report.Steps / report.Limit);
        _success.Add(report.Outcome == MissionOutcome.Succeeded ? 1 : 0);
        if (!_grounded.IsFull || _grounded.Mean < 0.97 || _length.Mean < 0.95 || _success.Mean >= baseline - 0.15) return null;
        return new MonitorTrigger("loitering", MonitorAction.Rollback, string.Create(CultureInfo.InvariantCulture, $"over {window} missions grounded {_grounded.Mean:0.000} (0.97), length {_length.Mean:0.000} of the limit (0.95), success {_success.Mean:0.000} against {baseline:0.000}"));
    }
}
