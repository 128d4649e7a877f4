namespace EdgeAutonomy.Agents;

/// <summary>All monitors of one policy on one robot, fed by the runtime and the runner.</summary>
/// <remarks>
/// Hands every trigger to one receiver. An alarm together with any other trigger becomes a rollback; after a rollback or a refusal the suite is silent
/// until a new one is made for the next policy. Called by one mission at a time.
/// </remarks>
public sealed class MonitorSuite : IDecisionSink, IMissionObserver
{
    private readonly Action<MonitorTrigger> _receive;
    private readonly AgentMetrics? _metrics;
    private readonly LoiteringMonitor _loitering;
    private readonly RepeatedStateMonitor _states = new();
    private readonly GroundingMonitor _grounding = new();
    private readonly SuccessMonitor _success;
    private readonly DeadlineMonitor _deadline = new();
    private readonly InterventionMonitor _interventions;
    private readonly DivergenceMonitor _divergence = new();
    private readonly AttributionMonitor _attribution;
    private readonly ContractMonitor? _contract;
    private bool _alarmed, _othersFired, _isAttributed;
    private double _progress;

    /// <summary>Makes a suite.</summary>
    /// <param name="baseline">The incumbent's figures.</param>
    /// <param name="made">What the policy was made for; null where it has no bundle.</param>
    /// <param name="receive">Takes the triggers; see <see cref="RollbackSwitch"/>.</param>
    /// <param name="metrics">Takes residuals; nowhere when null.</param>
    public MonitorSuite(MonitorBaseline baseline, BundleExpectations? made, Action<MonitorTrigger> receive, AgentMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(receive);
        (_receive, _metrics) = (receive, metrics);
        _loitering = new LoiteringMonitor(baseline.Success);
        _success = new SuccessMonitor(baseline.Success);
        _interventions = new InterventionMonitor(baseline.Interventions);
        _attribution = new AttributionMonitor(baseline.MaxReturn);
        _contract = made is null ? null : new ContractMonitor(made);
    }

    /// <summary>Gets whether a rollback or a refusal was asked for; nothing more comes then.</summary>
    public bool IsOver { get; private set; }

    /// <inheritdoc/>
    public void Record(DecisionRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Progress is { } progress)
        {
            _progress += progress;
            _isAttributed = true;
        }
        Fire(NumericMonitor.Observe(record));
        Fire(_grounding.Observe(record));
        Fire(_deadline.Observe(record));
        Fire(_interventions.Observe(record));
    }

    /// <summary>Takes all probabilities of a decision, and the reference's, of the same order.</summary>
    /// <param name="policy">The policy's.</param>
    /// <param name="reference">The reference's; empty where none runs along.</param>
    public void ObserveProbabilities(ReadOnlySpan<float> policy, ReadOnlySpan<float> reference)
    {
        Fire(NumericMonitor.Observe(policy));
        if (!reference.IsEmpty) Fire(_divergence.Observe(policy, reference));
    }

    /// <summary>Takes the world model's present hashes; to be called whenever it is loaded or changed.</summary>
    /// <param name="running">The running world model.</param>
    public void ObserveContract(BundleExpectations running) => Fire(_contract?.Observe(running));

    /// <inheritdoc/>
    public string? OnStep(ActionCall call, in MissionStep step, ulong state)
    {
        var trigger = _states.ObserveStep(state);
        Fire(trigger);
        return trigger?.Evidence;
    }

    /// <inheritdoc/>
    public void OnEnd(MissionReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        Fire(_states.ObserveEnd());
        Fire(_interventions.ObserveEnd());
        // Stopped by a person or by hardware: that says nothing about the policy.
        if (report.Outcome is not (MissionOutcome.Cancelled or MissionOutcome.Fault))
        {
            Fire(_loitering.Observe(report));
            Fire(_success.Observe(report.Outcome == MissionOutcome.Succeeded));
            if (_isAttributed) Fire(_attribution.Observe(_progress, report.Return));
        }
        if (_isAttributed) _metrics?.RecordResidual(_progress - report.Return);
        (_progress, _isAttributed) = (0, false);
    }

    private void Fire(MonitorTrigger? trigger)
    {
        if (trigger is null || IsOver) return;
        if (trigger.Action == MonitorAction.Alarm) _alarmed = true;
        else _othersFired = true;
        if (_alarmed && _othersFired && trigger.Action != MonitorAction.Refuse) trigger = trigger with { Action = MonitorAction.Rollback, Evidence = trigger.Evidence + "; together with another trigger" };
        IsOver = trigger.Action is MonitorAction.Rollback or MonitorAction.Refuse;
        _receive(trigger);
    }
}
