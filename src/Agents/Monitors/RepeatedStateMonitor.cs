namespace EdgeAutonomy.Agents;

/// <summary>Ends a mission that goes in circles, and gives up a policy that does so often.</summary>
/// <param name="visits">Visits of one state that are too many; default 4.</param>
/// <param name="circling">Circling missions that are too many; default 3.</param>
/// <param name="window">Missions among which they are counted; default 10.</param>
public sealed class RepeatedStateMonitor(int visits = 4, int circling = 3, int window = 10)
{
    private readonly Dictionary<ulong, int> _seen = [];
    private readonly ShareWindow _missions = new(window);
    private bool _circled;

    /// <summary>Takes a step.</summary>
    /// <param name="state">Hash of the state after it.</param>
    public MonitorTrigger? ObserveStep(ulong state)
    {
        int count = _seen[state] = _seen.GetValueOrDefault(state) + 1;
        if (count < visits || _circled) return null;
        _circled = true;
        return new MonitorTrigger("repeated-state", MonitorAction.EndMission, $"state {state:X16} was reached {count} times in one mission ({visits})");
    }

    /// <summary>Takes the end of a mission.</summary>
    public MonitorTrigger? ObserveEnd()
    {
        _missions.Add(_circled);
        _seen.Clear();
        _circled = false;
        return _missions.Count < circling ? null : new MonitorTrigger("repeated-state", MonitorAction.Rollback, $"{_missions.Count} of the last {window} missions went in circles ({circling})");
    }
}
