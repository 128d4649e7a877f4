using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>The agent of a service: who is asked as its configuration says, the guard behind them, and the monitors over them.</summary>
/// <remarks>One mission at a time.</remarks>
internal sealed class MissionAgent : IDecisionSink, IMissionObserver, IDisposable
{
    private readonly AgentSection _section;
    private readonly TimeProvider _time;
    private readonly IDecisionSink _sink;
    private readonly Action<string> _say;
    private readonly OpenAiChatClient? _client;
    private readonly BundledAgent? _bundled;
    private readonly AgentRuntime? _runtime;
    private readonly MissionRunner? _runner;
    private readonly MonitorSuite? _monitors;

    /// <summary>Opens what the configuration names.</summary>
    /// <param name="section">A section without errors.</param>
    /// <param name="folder">Where its relative paths start.</param>
    /// <param name="envelope">What the robot is allowed to do.</param>
    /// <param name="time">The clock of deadlines.</param>
    /// <param name="sink">Takes decisions.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="say">Told what a person should know, in one sentence.</param>
    /// <exception cref="EdgeException">A policy, store or key is missing, damaged, in use, or for other missions.</exception>
    public MissionAgent(AgentSection section, string folder, ISafetyEnvelope envelope, TimeProvider time, IDecisionSink sink, AgentMetrics metrics, Action<string> say)
    {
        (_section, _time, _sink, _say) = (section, time, sink, say);
        var runtime = new AgentRuntimeOptions { Deadline = TimeSpan.FromMilliseconds(section.DeadlineMs) };
        var progress = ModelFiles.TryReadProgress(MissionWorldContract.Shape);
        var pace = new MissionRunnerOptions { Period = TimeSpan.FromMilliseconds(section.PeriodMs), StepLimit = TimeSpan.FromSeconds(section.StepLimitS) };
        try
        {
            if (section.LanguageModel is { } model) _client = new OpenAiChatClient(model.ToOptions(withKey: true));
            if (section.Store.Length > 0)
            {
                _bundled = new BundledAgent(new BundledAgentOptions
                {
                    Store = Path.GetFullPath(section.Store, folder), Keys = BundleKeyFile.Read(section.Keys), World = MissionWorldContract.Expectations, Open = Open, Envelope = envelope,
                    Time = time, Baseline = MissionRun.Baseline, Runtime = runtime, Runner = pace, Sink = sink, Progress = progress, Metrics = metrics, Publish = Tell,
                });
                foreach (string finding in _bundled.Start.Findings) say(finding);
                say($"Policy store: {(_bundled.Policy.Length > 0 ? $"policy {_bundled.Policy[..12]} ({_bundled.Start.Place})" : "the planner")} decides.");
                return;
            }
            _monitors = new MonitorSuite(MissionRun.Baseline, null, OnTrigger, metrics);
            _runtime = new AgentRuntime(Line(), new GuardChain(envelope, time, metrics: metrics), time, runtime, this, progress, metrics);
            _runner = new MissionRunner(_runtime, time, pace, this, metrics);
            if (_runtime.Line.Main is { } main) metrics.ShowPolicy(main.Version, "");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
        {
            _client?.Dispose();
            throw new EdgeException(ExitCode.Io, $"Agent: {error.Message}", error);
        }
    }

    /// <summary>Runs a mission to its end, whatever becomes of the policies.</summary>
    /// <param name="mission">The mission, at its start.</param>
    /// <param name="body">Who carries commands out.</param>
    /// <param name="cancel">Stops it from outside.</param>
    public Task<MissionReport> RunAsync(IMission mission, IMissionBody body, CancellationToken cancel) =>
        _bundled?.RunAsync(mission, body, cancel) ?? _runner!.RunAsync(mission, body, cancel);

    /// <inheritdoc/>
    void IDecisionSink.Record(DecisionRecord record)
    {
        _sink.Record(record);
        _monitors!.Record(record);
    }

    /// <inheritdoc/>
    string? IMissionObserver.OnStep(ActionCall call, in MissionStep step, ulong state) => _monitors!.OnStep(call, step, state);

    /// <inheritdoc/>
    void IMissionObserver.OnEnd(MissionReport report) => _monitors!.OnEnd(report);

    /// <summary>Closes store and connection.</summary>
    public void Dispose()
    {
        _bundled?.Dispose();
        _client?.Dispose();
    }

    private PolicyLine Line()
    {
        IAgentPolicy? own = _section.Policy == AgentSection.Planner ? null : ModelFiles.ReadAgent(_section.Policy, MissionWorldContract.Shape, _time);
        return _client is null ? new PolicyLine(own) : new PolicyLine(new LanguageModelPolicy(_client, _section.LanguageModel!.ToOptions(withKey: false)), own);
    }

    // A signed policy decides alone: nothing unsigned stands before it or behind it but the planner.
    private PolicyLine Open(PolicyBundle bundle) => bundle.Manifest.Kind switch
    {
        BundleKind.Compact => new PolicyLine(CandidateBundle.Open(bundle, MissionWorldContract.Shape, _time)),
        BundleKind.Planner => PolicyLine.PlannerOnly,
        _ when _client is null => throw new BundleException(BundleRefusal.Malformed, $"Bundle {bundle.Id} is a language model's and no server is configured; add Agent:LanguageModel."),
        _ => new PolicyLine(LanguageModelPolicy.Of(_client, _section.LanguageModel!.ToOptions(withKey: false), bundle)),
    };

    private void Tell(RollbackEvent happened) =>
        _say($"Monitor {happened.Trigger.Monitor}: {happened.Trigger.Action} of policy {happened.Bundle[..Math.Min(12, happened.Bundle.Length)]}: {happened.Trigger.Evidence}; now {(happened.Now.Length > 0 ? $"policy {happened.Now[..12]}" : "the planner")} decides. {happened.Finding}".TrimEnd());

    private void OnTrigger(MonitorTrigger trigger)
    {
        _say($"Monitor {trigger.Monitor}: {trigger.Action}: {trigger.Evidence}.");
        if (trigger.Action >= MonitorAction.Fallback) _runtime!.Swap(PolicyLine.PlannerOnly, giveUp: true);
    }
}
