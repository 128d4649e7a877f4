using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>Turns questions into approved commands: asks the policies in line, has every answer checked, and never waits beyond the deadline.</summary>
/// <remarks>
/// The order is main policy, compact policy, the mission's planner, safe stop. A policy that hangs, throws, answers late, stale or with something
/// forbidden costs time, never safety: what comes out is either approved by the guard or nothing. One mission at a time; the mission is touched only
/// between awaits of the caller's own flow. <see cref="Swap"/> may be called from any thread.
/// <para>A policy may be asked more than once for one step (same <see cref="AgentContext.Step"/>), with refused commands taken out of the candidates, and
/// may be passed over for steps: memory should follow <see cref="AgentContext.Step"/>, not the count of calls.</para>
/// </remarks>
public sealed class AgentRuntime
{
    private readonly AgentRuntimeOptions _options;
    private readonly GuardChain _guard;
    private readonly TimeProvider _time;
    private readonly IDecisionSink? _sink;
    private readonly IProgressMeter? _progress;
    private readonly AgentMetrics? _metrics;
    private readonly Lock _gate = new();
    private readonly List<(ActionCall Call, string Outcome)> _history = [];
    private PolicySeat[] _seats;
    private PolicyLine? _next;
    private CancellationTokenSource? _giveUp;

    /// <summary>Makes a runtime.</summary>
    /// <param name="line">Who is asked.</param>
    /// <param name="guard">Who checks.</param>
    /// <param name="time">The clock of deadlines and circuits.</param>
    /// <param name="options">Times and counts; defaults when null.</param>
    /// <param name="sink">Takes the records; nobody when null.</param>
    /// <param name="progress">Attributes progress for the record; nobody when null.</param>
    /// <param name="metrics">Counts; nowhere when null.</param>
    public AgentRuntime(PolicyLine line, GuardChain guard, TimeProvider time, AgentRuntimeOptions? options = null, IDecisionSink? sink = null, IProgressMeter? progress = null, AgentMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(guard);
        ArgumentNullException.ThrowIfNull(time);
        _options = options ?? new AgentRuntimeOptions();
        _options.Validate();
        (_guard, _time, _sink, _progress, _metrics) = (guard, time, sink, progress, metrics);
        Line = line;
        _seats = Seat(line);
    }

    /// <summary>Gets the policies in force.</summary>
    public PolicyLine Line { get; private set; }

    /// <summary>Gets the times and counts in force.</summary>
    public AgentRuntimeOptions Options => _options;

    /// <summary>Starts a mission: policies, guard and history forget the last one.</summary>
    public void Begin()
    {
        TakeSwap();
        _guard.Begin();
        _history.Clear();
        foreach (var seat in _seats) seat.Begin();
    }

    /// <summary>Tells what a command brought.</summary>
    /// <param name="call">The command.</param>
    /// <param name="outcome">The observation after it.</param>
    public void Tell(ActionCall call, string outcome)
    {
        _history.Add((call, outcome));
        if (_history.Count > _options.History) _history.RemoveAt(0);
    }

    /// <summary>Puts other policies in line. They take over at the next decision; the mission goes on where it is. Any thread.</summary>
    /// <param name="next">The new line.</param>
    /// <param name="giveUp">Whether a decision that is being thought about now is given up, so that the old policies decide nothing more.</param>
    public void Swap(PolicyLine next, bool giveUp)
    {
        ArgumentNullException.ThrowIfNull(next);
        CancellationTokenSource? deciding;
        lock (_gate) (_next, deciding) = (next, _giveUp);
        // Outside the lock: what waits for the decision may go on inside this call.
        if (giveUp) deciding?.Cancel();
    }

    /// <summary>Decides the next command of a mission.</summary>
    /// <param name="mission">The mission, not over.</param>
    /// <param name="cancel">Gives the decision up; the outcome is a safe stop then.</param>
    public async Task<DecisionOutcome> DecideAsync(IMission mission, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(mission);
        TakeSwap();
        // Never disposed: it holds nothing but memory, and Swap may cancel it late.
        var giveUp = new CancellationTokenSource();
        lock (_gate) _giveUp = giveUp;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token, cancel);
        var decision = new DecisionTrace(mission, _time);
        for (int i = 0; i < _seats.Length && !both.IsCancellationRequested && decision.Approved is null; i++)
        {
            // The last policy in line may use all the time that is left; those before it leave it some.
            var until = i == _seats.Length - 1 && i > 0 ? _options.Deadline : _options.Deadline - _options.Reserve;
            await AskAsync(_seats[i], mission, decision, until, both.Token).ConfigureAwait(false);
        }
        if (decision.Approved is not null && giveUp.IsCancellationRequested) decision.Withdraw("The policy was replaced before its decision was carried out.");
        if (decision.Approved is null && !cancel.IsCancellationRequested) AskPlanner(mission, decision);
        var record = decision.Close(_options.Deadline, _progress, _seats.Length > 0 ? _seats[0].Policy.Version : null);
        _metrics?.CountDecision(record.Source, record.Latency);
        _sink?.Record(record);
        // A monitor among the sinks may have taken the policies out of line because of this very decision.
        if (giveUp.IsCancellationRequested && record.Source != DecisionSource.Planner) decision.Approved?.Withdraw();
        return new DecisionOutcome(decision.Approved is { IsVoid: false } ? decision.Approved : null, record);
    }

    private async Task AskAsync(PolicySeat seat, IMission mission, DecisionTrace decision, TimeSpan until, CancellationToken giveUp)
    {
        var source = seat.Policy is ITextPolicy ? DecisionSource.LanguageModel : DecisionSource.Policy;
        if (seat.IsBusy || !seat.Circuit.IsPassable)
        {
            var failure = seat.IsBusy ? AttemptFailure.Busy : AttemptFailure.CircuitOpen;
            if (seat.IsBusy) seat.Circuit.Fail();
            decision.AddFailure(source, seat.Policy.Version, failure, failure == AttemptFailure.Busy ? "Still busy with an earlier question." : "Left alone after failures in a row.", TimeSpan.Zero);
            return;
        }
        string? feedback = null;
        bool isItsFault = false;
        var refused = new List<string>();
        for (int round = 0; round <= _options.MaxReasks; round++)
        {
            var asked = Context(mission, seat, refused);
            // With all that it wanted refused there is nothing left to choose from.
            if (asked.Candidates.Count == 0) break;
            var began = _time.GetTimestamp();
            var answer = await seat.AskAsync(asked, feedback, until - decision.Elapsed, giveUp).ConfigureAwait(false);
            var took = _time.GetElapsedTime(began);
            if (answer.Failure != AttemptFailure.None)
            {
                isItsFault = answer.Failure != AttemptFailure.Replaced;
                decision.AddFailure(source, seat.Policy.Version, answer.Failure, answer.Detail, took);
                break;
            }
            var verdict = answer.Reply is not null ? _guard.Check(answer.Reply, asked, mission) : _guard.Check(answer.Decision!.Call, asked, mission);
            decision.Add(source, seat.Policy.Version, answer, verdict, took, asked);
            if (verdict.IsApproved)
            {
                seat.Circuit.Succeed();
                return;
            }
            // A world that moved on, a fence or a claim say nothing about the policy.
            isItsFault = verdict.Stage != GuardStage.Envelope && verdict.Reason is not (GuardReason.Stale or GuardReason.TooSoon);
            if (verdict.Reason == GuardReason.RefusedAgain) break;
            feedback = verdict.Feedback;
            if (verdict.Proposal?.Text is { } text && verdict.Reason != GuardReason.Stale) refused.Add(text);
        }
        if (isItsFault) seat.Circuit.Fail();
    }

    private void AskPlanner(IMission mission, DecisionTrace decision)
    {
        var began = _time.GetTimestamp();
        int choice = mission.Expert();
        if (choice < 0 || choice >= mission.Candidates.Count)
        {
            decision.AddFailure(DecisionSource.Planner, PlannerVersion, AttemptFailure.NoProposal, "The planner is at a loss.", _time.GetElapsedTime(began));
            return;
        }
        var proposal = mission.Candidates[choice];
        var asked = Context(mission, null, []);
        var verdict = _guard.Check(proposal, asked, mission);
        decision.Add(DecisionSource.Planner, PlannerVersion, new PolicyAnswer(new AgentDecision(proposal, null, TimeSpan.Zero, DecisionSource.Planner, PlannerVersion, []), null, AttemptFailure.None, ""), verdict, _time.GetElapsedTime(began), asked);
    }

    private const string PlannerVersion = "planner";

    // A copy: what a slow policy holds stays as it was, whatever the mission does meanwhile.
    private AgentContext Context(IMission mission, PolicySeat? seat, List<string> refused)
    {
        var view = seat?.View(mission.Shape) ?? new MissionView(mission.Shape);
        mission.Describe(view);
        var all = mission.Candidates;
        var executable = ImmutableArray.CreateBuilder<ActionCall>(all.Count);
        for (int i = 0; i < all.Count; i++)
        {
            if (refused.Contains(all[i].Text)) view.Executable[i] = false;
            if (view.Executable[i]) executable.Add(all[i]);
        }
        return new AgentContext(mission.Name, mission.Instruction, mission.Observation, [.. _history], executable.ToImmutable(), view, mission.WorldVersion, mission.Steps, mission.Limit);
    }

    private void TakeSwap()
    {
        PolicyLine? next;
        lock (_gate) (next, _next) = (_next, null);
        if (next is null) return;
        Line = next;
        _seats = Seat(next);
    }

    private PolicySeat[] Seat(PolicyLine line)
    {
        IAgentPolicy?[] policies = [line.Main, line.Compact];
        return [.. policies.Where(p => p is not null).Select(p => new PolicySeat(p!, _options, _time))];
    }
}
