using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Counts decisions in which the policy proposed something that could not be carried out or was not even a command.</summary>
/// <remarks>Answers that the world overtook (<see cref="GuardReason.Stale"/>) are not the policy's fault and do not count.</remarks>
/// <param name="limit">The share that is too much when exceeded; default 0.10.</param>
/// <param name="window">Decisions it looks at; default 200.</param>
public sealed class GroundingMonitor(double limit = 0.10, int window = 200)
{
    private readonly ShareWindow _rejected = new(window);

    /// <summary>Takes a decision.</summary>
    /// <param name="record">Its record.</param>
    public MonitorTrigger? Observe(DecisionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        _rejected.Add(record.Attempts.Any(a => a.Failure == AttemptFailure.Refused && a.Source != DecisionSource.Planner && a.Stage is GuardStage.Shape or GuardStage.Parse or GuardStage.Preconditions && a.Reason != GuardReason.Stale));
        return !_rejected.IsFull || _rejected.Share <= limit ? null : new MonitorTrigger("grounding", MonitorAction.Rollback, string.Create(CultureInfo.InvariantCulture, $"{_rejected.Count} of the last {window} decisions were ungrounded (at most {limit:0.###})"));
    }
}
