namespace EdgeAutonomy.Agents;

/// <summary>Stands between whatever decides and whatever acts: checks every proposal of every policy, in the order of <see cref="GuardStage"/>.</summary>
/// <remarks>
/// Always on. It refuses what it does not understand, and a failing safety envelope refuses everything. One guard serves one robot; it is used by
/// one mission at a time and by one thread at a time.
/// </remarks>
public sealed class GuardChain
{
    private readonly GuardOptions _options;
    private readonly ISafetyEnvelope _envelope;
    private readonly TimeProvider _time;
    private readonly AgentMetrics? _metrics;
    private readonly CallLedger _ledger = new();

    /// <summary>Makes a guard.</summary>
    /// <param name="envelope">What the robot is allowed to do; <see cref="NoHazard"/> for worlds made of text.</param>
    /// <param name="time">The clock of the rate rule.</param>
    /// <param name="options">The bounds; defaults when null.</param>
    /// <param name="metrics">Where refusals are counted; nowhere when null.</param>
    /// <exception cref="ArgumentException">A bound is out of range.</exception>
    public GuardChain(ISafetyEnvelope envelope, TimeProvider time, GuardOptions? options = null, AgentMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(envelope);
        ArgumentNullException.ThrowIfNull(time);
        _options = options ?? new GuardOptions();
        _options.Validate();
        _envelope = envelope;
        _time = time;
        _metrics = metrics;
    }

    /// <summary>Gets the bounds in force.</summary>
    public GuardOptions Options => _options;

    /// <summary>Forgets the last mission.</summary>
    public void Begin() => _ledger.Clear();

    /// <summary>Checks a reply in text.</summary>
    /// <param name="reply">What came back.</param>
    /// <param name="asked">What the policy was asked with.</param>
    /// <param name="mission">The world model as it is now.</param>
    public GuardVerdict Check(TextReply reply, AgentContext asked, IMission mission)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(mission);
        var refusal = ReplyReader.Read(reply, _options.MaxReplyBytes, out string action);
        if (refusal is not null) return Count(refusal);
        int at = Find(mission.Candidates, action);
        if (at >= 0) return Check(mission.Candidates[at], asked, mission);
        // It was on offer when the question was put, so the words are right and the world has moved on.
        bool offered = Find(asked.Candidates, action) >= 0;
        return Count(offered ? Stale(asked, mission, action) : Unknown(action, mission));
    }

    /// <summary>Checks a proposal.</summary>
    /// <param name="proposal">What is wanted.</param>
    /// <param name="asked">What the policy was asked with.</param>
    /// <param name="mission">The world model as it is now.</param>
    public GuardVerdict Check(ActionCall proposal, AgentContext asked, IMission mission)
    {
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(mission);
        return Count(ApprovedCall.Approve(this, proposal, asked, mission) with { Proposal = proposal });
    }

    /// <summary>Runs the checks from the second stage on. Called by <see cref="ApprovedCall.Approve"/> only, which turns a pass into an approval.</summary>
    internal GuardVerdict? Examine(ActionCall? proposal, AgentContext asked, IMission mission, out ActionCall? call)
    {
        var refusal = Parse(proposal, asked, mission, out call) ?? Preconditions(call!, asked, mission) ?? Envelope(call!, mission) ?? Repetition(call!, mission);
        if (refusal is null) return null;
        call = null;
        return refusal;
    }

    private GuardVerdict? Parse(ActionCall? proposal, AgentContext asked, IMission mission, out ActionCall? call)
    {
        call = null;
        if (proposal?.Text is null) return GuardVerdict.Refuse(GuardStage.Parse, GuardReason.UnknownCommand, "No command was proposed.");
        int at = Find(mission.Candidates, proposal.Text);
        if (at < 0) return Find(asked.Candidates, proposal.Text) >= 0 ? Stale(asked, mission, proposal.Text) : Unknown(proposal.Text, mission);
        var known = mission.Candidates[at];
        bool same = string.Equals(known.Verb, proposal.Verb, StringComparison.Ordinal) && !proposal.Arguments.IsDefault && proposal.Arguments.SequenceEqual(known.Arguments, StringComparer.Ordinal);
        if (!same) return GuardVerdict.Refuse(GuardStage.Parse, GuardReason.PartsDiffer, $"Verb or arguments do not belong to '{known.Text}'.");
        call = known;
        return null;
    }

    private GuardVerdict? Preconditions(ActionCall call, AgentContext asked, IMission mission)
    {
        if (asked.WorldVersion != mission.WorldVersion && !_options.RecheckStale) return Stale(asked, mission, call.Text);
        if (mission.IsExecutable(call.Text)) return null;
        return Refused(call.Text, mission, GuardStage.Preconditions, GuardReason.Precondition, mission.Explain(call.Text) ?? $"'{call.Text}' cannot be carried out now.");
    }

    private GuardVerdict? Envelope(ActionCall call, IMission mission)
    {
        SafetyFinding finding;
        try
        {
            finding = _envelope.Check(call);
        }
        catch (Exception e)
        {
            // The envelope is the last word on safety: when it cannot answer, the answer is no.
            return GuardVerdict.Refuse(GuardStage.Envelope, GuardReason.EnvelopeFault, $"The safety envelope failed ({e.GetType().Name}); nothing is carried out.");
        }
        return finding.IsSafe ? null : Refused(call.Text, mission, GuardStage.Envelope, finding.Reason, finding.Explanation);
    }

    private GuardVerdict? Repetition(ActionCall call, IMission mission)
    {
        if (_ledger.IsTooSoon(_time, _options.MinSpacing))
            return GuardVerdict.Refuse(GuardStage.Repetition, GuardReason.TooSoon, $"'{call.Text}' comes too soon after the last command; wait {_options.MinSpacing.TotalMilliseconds:0} ms between commands.");
        ulong state = MissionFingerprint.Of(mission);
        if (_ledger.Approvals(state, call.Text) >= _options.MaxRepeats)
            return Refused(call.Text, mission, GuardStage.Repetition, GuardReason.Repeated, $"'{call.Text}' was tried {_options.MaxRepeats} times from here; choose something else.");
        _ledger.Approve(state, call.Text, _time);
        return null;
    }

    private GuardVerdict Refused(string text, IMission mission, GuardStage stage, GuardReason reason, string feedback) =>
        _ledger.Refuse(text, mission.WorldVersion) <= _options.MaxRefusals
            ? GuardVerdict.Refuse(stage, reason, feedback)
            : GuardVerdict.Refuse(GuardStage.Repetition, GuardReason.RefusedAgain, $"'{text}' was refused {_options.MaxRefusals} times already; choose something else.");

    private GuardVerdict Unknown(string text, IMission mission) =>
        Refused(UntrustedText.Clean(text, 80), mission, GuardStage.Parse, GuardReason.UnknownCommand, $"'{UntrustedText.Clean(text, 80)}' is not among the commands on offer.");

    private static GuardVerdict Stale(AgentContext asked, IMission mission, string text) =>
        GuardVerdict.Refuse(GuardStage.Preconditions, GuardReason.Stale, $"'{text}' was chosen for version {asked.WorldVersion} of the world, which is now at {mission.WorldVersion}; choose again.");

    private GuardVerdict Count(GuardVerdict verdict)
    {
        if (!verdict.IsApproved) _metrics?.CountRefusal(verdict.Stage);
        return verdict;
    }

    // Candidates are sorted by text, ordinal, by the mission's contract.
    private static int Find(IReadOnlyList<ActionCall> candidates, string text)
    {
        int low = 0, high = candidates.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1, order = string.CompareOrdinal(candidates[middle].Text, text);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }
}
