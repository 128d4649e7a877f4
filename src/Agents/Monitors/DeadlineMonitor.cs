using System.Globalization;

namespace EdgeAutonomy.Agents;

/// <summary>Sees a policy that answers too late: first the fallback decides, and if it happens again the policy is rolled back.</summary>
/// <param name="limit">The share of late decisions that is too much when exceeded; default 0.01.</param>
/// <param name="window">Decisions it looks at; default 1000.</param>
/// <param name="inRow">Late decisions in a row that are too many; default 3.</param>
public sealed class DeadlineMonitor(double limit = 0.01, int window = 1000, int inRow = 3)
{
    private readonly ShareWindow _late = new(window);
    private int _row;
    private bool _fired;

    /// <summary>Takes a decision. Those in which no policy was asked say nothing and are left out.</summary>
    /// <param name="record">Its record.</param>
    public MonitorTrigger? Observe(DecisionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (!record.Attempts.Any(a => a.Source != DecisionSource.Planner && a.Failure is not (AttemptFailure.CircuitOpen or AttemptFailure.Replaced))) return null;
        bool late = record.MissedDeadline || record.Attempts.Any(a => a.Failure == AttemptFailure.Busy);
        _late.Add(late);
        _row = late ? _row + 1 : 0;
        bool often = _late.IsFull && _late.Share > limit;
        if (_row < inRow && !often) return null;
        var trigger = new MonitorTrigger("deadline", _fired ? MonitorAction.Rollback : MonitorAction.Fallback, string.Create(CultureInfo.InvariantCulture, $"{_row} decisions in a row late ({inRow}), {_late.Count} of the last {window} (at most {limit:0.###})"));
        _fired = true;
        _row = 0;
        _late.Clear();
        return trigger;
    }
}
