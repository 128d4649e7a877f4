namespace EdgeAutonomy.Agents;

/// <summary>Acts on triggers: takes a policy out of line at once, then makes it permanent on disk, then puts the previous policy in line.</summary>
/// <remarks>
/// The order is the point: memory first, so that the bad policy decides nothing more even if the disk is full or slow; the mission under way goes on
/// with the planner from its next step. A second trigger for the same policy changes nothing. Thread-safe.
/// </remarks>
public sealed class RollbackSwitch
{
    private readonly AgentRuntime _runtime;
    private readonly BundleStore _store;
    private readonly Func<PolicyBundle, PolicyLine> _open;
    private readonly Action<RollbackEvent> _publish;
    private readonly TimeProvider _time;
    private readonly AgentMetrics? _metrics;
    private readonly Lock _gate = new();
    private string? _done;

    /// <summary>Makes a switch.</summary>
    /// <param name="runtime">Whose policies it swaps.</param>
    /// <param name="store">Where policies lie.</param>
    /// <param name="open">Makes a line of policies out of a bundle.</param>
    /// <param name="publish">Takes events.</param>
    /// <param name="time">The calendar.</param>
    /// <param name="metrics">Counts; nowhere when null.</param>
    public RollbackSwitch(AgentRuntime runtime, BundleStore store, Func<PolicyBundle, PolicyLine> open, Action<RollbackEvent> publish, TimeProvider time, AgentMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(publish);
        ArgumentNullException.ThrowIfNull(time);
        (_runtime, _store, _open, _publish, _time, _metrics) = (runtime, store, open, publish, time, metrics);
    }

    /// <summary>Acts on a trigger of a policy's monitors.</summary>
    /// <param name="bundle">The policy that they watch.</param>
    /// <param name="trigger">What fired.</param>
    public void Receive(string bundle, MonitorTrigger trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        lock (_gate)
        {
            if (_done == bundle) return;
            string now = bundle, finding = "";
            if (trigger.Action >= MonitorAction.Fallback)
            {
                _runtime.Swap(PolicyLine.PlannerOnly, giveUp: true);
                now = "";
            }
            if (trigger.Action == MonitorAction.Rollback)
            {
                _done = bundle;
                (now, finding) = RollBack(bundle, trigger);
                _metrics?.CountRollback(trigger.Monitor);
            }
            _publish(new RollbackEvent(bundle, trigger, now, finding, _time.GetUtcNow()));
        }
    }

    private (string Now, string Finding) RollBack(string bundle, MonitorTrigger trigger)
    {
        try
        {
            _store.Rollback(bundle, trigger.Monitor);
            var start = _store.Start();
            if (start.Bundle is null) return ("", string.Join(' ', start.Findings));
            _runtime.Swap(_open(start.Bundle), giveUp: false);
            _metrics?.ShowPolicy(start.Bundle.Id, start.Bundle.Manifest.Parent);
            return (start.Bundle.Id, string.Join(' ', start.Findings));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BundleException or InvalidDataException or InvalidOperationException)
        {
            return ("", UntrustedText.Clean($"the planner drives; going back failed: {e.Message}", 400));
        }
    }
}
