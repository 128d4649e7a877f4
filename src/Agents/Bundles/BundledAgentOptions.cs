namespace EdgeAutonomy.Agents;

/// <summary>What a <see cref="BundledAgent"/> is made of.</summary>
public sealed record BundledAgentOptions
{
    /// <summary>Gets the folder of the store.</summary>
    public required string Store { get; init; }

    /// <summary>Gets whose signatures count.</summary>
    public required BundleKeys Keys { get; init; }

    /// <summary>Gets the running world model.</summary>
    public required BundleExpectations World { get; init; }

    /// <summary>Gets what makes a line of policies out of a bundle. Called for each bundle that comes into force, and again after a rest; gives new policies each time.</summary>
    public required Func<PolicyBundle, PolicyLine> Open { get; init; }

    /// <summary>Gets what the robot is allowed to do.</summary>
    public required ISafetyEnvelope Envelope { get; init; }

    /// <summary>Gets the clock of deadlines and the calendar of events.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Gets the incumbent's figures, which the monitors compare with.</summary>
    public required MonitorBaseline Baseline { get; init; }

    /// <summary>Gets what runs self-tests; default for candidate-scoring policies.</summary>
    public IBundleProbe? Probe { get; init; } = CandidateBundle.Probe;

    /// <summary>Gets times and counts of decisions; defaults when null.</summary>
    public AgentRuntimeOptions? Runtime { get; init; }

    /// <summary>Gets the pace of missions; defaults when null.</summary>
    public MissionRunnerOptions? Runner { get; init; }

    /// <summary>Gets the bounds of the guard; defaults when null.</summary>
    public GuardOptions? Guard { get; init; }

    /// <summary>Gets who takes decision records besides the monitors; nobody when null.</summary>
    public IDecisionSink? Sink { get; init; }

    /// <summary>Gets who attributes progress for the record; nobody when null.</summary>
    public IProgressMeter? Progress { get; init; }

    /// <summary>Gets where figures are counted; nowhere when null.</summary>
    public AgentMetrics? Metrics { get; init; }

    /// <summary>Gets who takes events; nobody when null. Called inside the switch: must not block.</summary>
    public Action<RollbackEvent>? Publish { get; init; }
}
