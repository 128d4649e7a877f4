using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Sees a policy that the safety envelope has to hold back: too often in one mission, or much oftener than the incumbent.</summary>
/// <param name="incumbentRate">Interventions per mission of the incumbent; at least 0.</param>
/// <param name="perMission">Interventions in one mission that are too many when exceeded; default 2.</param>
/// <param name="factor">How many times the incumbent's rate is too much when exceeded; default 3.</param>
/// <param name="window">Missions over which the rate is taken; default 20.</param>
public sealed class InterventionMonitor(double incumbentRate, int perMission = 2, double factor = 3, int window = 20)
{
    private readonly MeanWindow _rate = new(window);
    private int _now;

    /// <summary>Takes a decision.</summary>
    /// <param name="record">Its record.</param>
    public MonitorTrigger? Observe(DecisionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Attempts.Any(a => a.Stage == GuardStage.Envelope && a.Source != DecisionSource.Planner)) _now++;
        return _now <= perMission ? null : new MonitorTrigger("interventions", MonitorAction.Rollback, $"the safety envelope held the policy back in {_now} decisions of one mission (at most {perMission})");
    }

    /// <summary>Takes the end of a mission.</summary>
    public MonitorTrigger? ObserveEnd()
    {
        _rate.Add(_now);
        _now = 0;
        // An incumbent that never needed one gives no rate to compare with; the bound per mission still holds.
        if (!_rate.IsFull || incumbentRate <= 0 || _rate.Mean <= factor * incumbentRate) return null;
        return new MonitorTrigger("interventions", MonitorAction.Rollback, string.Create(CultureInfo.InvariantCulture, $"{_rate.Mean:0.00} interventions per mission, the incumbent had {incumbentRate:0.00} (at most {factor:0.#} times)"));
    }
}
