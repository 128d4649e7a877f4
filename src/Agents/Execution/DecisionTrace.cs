using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>Collects the attempts at one decision and closes them into a record.</summary>
internal sealed class DecisionTrace(IMission mission, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly string _mission = mission.Name;
    private readonly int _step = mission.Steps;
    private readonly ulong _world = mission.WorldVersion, _candidates = MissionFingerprint.Of(mission.Candidates), _state = MissionFingerprint.Of(mission);
    private readonly ImmutableArray<DecisionAttempt>.Builder _attempts = ImmutableArray.CreateBuilder<DecisionAttempt>(2);
    private AgentContext? _asked;
    private AgentDecision? _decision;
    private DecisionAttempt? _winner;

    public ApprovedCall? Approved { get; private set; }

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public void AddFailure(DecisionSource source, string version, AttemptFailure failure, string detail, TimeSpan latency) =>
        _attempts.Add(new DecisionAttempt(source, version, failure, GuardStage.None, GuardReason.None, detail, null, latency, null));

    public void Add(DecisionSource source, string version, PolicyAnswer answer, GuardVerdict verdict, TimeSpan latency, AgentContext asked)
    {
        var failure = verdict.IsApproved ? AttemptFailure.None : AttemptFailure.Refused;
        var attempt = new DecisionAttempt(source, version, failure, verdict.Stage, verdict.Reason, verdict.Feedback, verdict.Proposal, latency, answer.Reply);
        _attempts.Add(attempt);
        if (!verdict.IsApproved) return;
        (Approved, _decision, _asked, _winner) = (verdict.Approved, answer.Decision, asked, attempt);
    }

    public void Withdraw(string why)
    {
        Approved?.Withdraw();
        Approved = null;
        if (_winner is not null) _attempts[^1] = _winner with { Failure = AttemptFailure.Replaced, Detail = why };
        (_decision, _asked, _winner) = (null, null, null);
    }

    public DecisionRecord Close(TimeSpan deadline, IProgressMeter? progress, string? first) => new(
        _mission, _step, _world, _candidates, _state,
        Approved?.Call,
        _winner?.Source ?? DecisionSource.SafeStop,
        _winner?.PolicyVersion ?? "",
        _decision?.LogProbability,
        _decision?.Alternatives ?? [],
        Approved is not null && _asked is not null ? progress?.Of(_asked, Approved.Call) : null,
        Elapsed, deadline, _attempts.DrainToImmutable())
    {
        FallbackUsed = first is not null && _winner?.PolicyVersion != first,
    };
}
