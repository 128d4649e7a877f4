using System.Diagnostics.Metrics;

namespace EdgeAutonomy.Agents;

/// <summary>The agents' figures as System.Diagnostics.Metrics, meter <c>EdgeAutonomy.Agents</c>.</summary>
/// <remarks>Thread-safe. Nothing here is on a loop's path: agents decide about once a second.</remarks>
public sealed class AgentMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "EdgeAutonomy.Agents";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _decisions, _rejected, _missions, _rollbacks;
    private readonly Histogram<double> _latency, _residual;
    private volatile Tuple<string, string>? _policy;

    /// <summary>Makes the instruments.</summary>
    public AgentMetrics()
    {
        _decisions = _meter.CreateCounter<long>("agent.decisions", description: "Decisions by who made them.");
        _rejected = _meter.CreateCounter<long>("agent.grounding_rejected", description: "Proposals that the guard refused, by stage.");
        _latency = _meter.CreateHistogram<double>("agent.decision_latency", "s", "Time from question to approved command or safe stop.");
        _missions = _meter.CreateCounter<long>("agent.mission", description: "Missions by outcome.");
        _residual = _meter.CreateHistogram<double>("agent.attribution.residual", description: "Sum of attributed progress less the mission's return.");
        _rollbacks = _meter.CreateCounter<long>("agent.rollback", description: "Rollbacks by what triggered them.");
        _meter.CreateObservableGauge("agent.policy_info", ObservePolicy, description: "1 for the policy in force.");
    }

    /// <summary>Gets the meter, for whoever shows its figures.</summary>
    public Meter Meter => _meter;

    /// <summary>Counts a decision.</summary>
    /// <param name="source">Who made it.</param>
    /// <param name="latency">How long it took.</param>
    public void CountDecision(DecisionSource source, TimeSpan latency)
    {
        _decisions.Add(1, new KeyValuePair<string, object?>("source", source.ToString()));
        _latency.Record(latency.TotalSeconds);
    }

    /// <summary>Counts a refused proposal.</summary>
    /// <param name="stage">The check that refused it.</param>
    public void CountRefusal(GuardStage stage) => _rejected.Add(1, new KeyValuePair<string, object?>("stage", stage.ToString()));

    /// <summary>Counts a mission that is over.</summary>
    /// <param name="outcome">How it ended.</param>
    public void CountMission(MissionOutcome outcome) => _missions.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    /// <summary>Records how far a mission's attributed progress was from its return.</summary>
    /// <param name="residual">Sum of attributed progress less the return.</param>
    public void RecordResidual(double residual) => _residual.Record(residual);

    /// <summary>Counts a rollback.</summary>
    /// <param name="trigger">What triggered it.</param>
    public void CountRollback(string trigger) => _rollbacks.Add(1, new KeyValuePair<string, object?>("trigger", trigger));

    /// <summary>Names the policy in force.</summary>
    /// <param name="id">Its content hash or name.</param>
    /// <param name="parent">The one that it was made from; empty where there is none.</param>
    public void ShowPolicy(string id, string parent) => _policy = Tuple.Create(id, parent);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> ObservePolicy() =>
        _policy is { } policy ? [new Measurement<int>(1, new("id", policy.Item1), new("parent", policy.Item2))] : [];
}
