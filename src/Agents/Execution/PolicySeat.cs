namespace EdgeAutonomy.Agents;

/// <summary>A policy's place in the line: keeps it from being asked twice at once, times it and contains its failures.</summary>
internal sealed class PolicySeat(IAgentPolicy policy, AgentRuntimeOptions options, TimeProvider time)
{
    private Task? _unfinished;
    private MissionView? _view;
    private bool _isNew = true;

    public IAgentPolicy Policy { get; } = policy;

    public CircuitBreaker Circuit { get; } = new(options.CircuitFailures, options.CircuitPause, time);

    /// <summary>Gets whether an answer that was given up is still being worked on.</summary>
    public bool IsBusy => _unfinished is { IsCompleted: false };

    public void Begin() => _isNew = true;

    /// <summary>Returns a view to fill; never one that a policy which was given up may still be reading.</summary>
    public MissionView View(MissionShape shape) => _view is not null && _view.Shape == shape ? _view : _view = new MissionView(shape);

    public async Task<PolicyAnswer> AskAsync(AgentContext context, string? feedback, TimeSpan limit, CancellationToken giveUp)
    {
        bool isNew = _isNew;
        _isNew = false;
        var cancel = new CancellationTokenSource();
        var work = options.OffThread ? Task.Run(() => CallAsync(isNew, context, feedback, cancel.Token), CancellationToken.None) : CallAsync(isNew, context, feedback, cancel.Token);
        bool ended = await TimeLimit.EndsWithinAsync(work, limit, time, options.OffThread, giveUp).ConfigureAwait(false);
        if (ended)
        {
            cancel.Dispose();
            return work.GetAwaiter().GetResult();
        }
        Abandon(work, cancel);
        return giveUp.IsCancellationRequested
            ? PolicyAnswer.Failed(AttemptFailure.Replaced, $"Policy {Policy.Version} was given up while it was thinking.")
            : PolicyAnswer.Failed(AttemptFailure.Deadline, $"Policy {Policy.Version} gave no answer in {limit.TotalMilliseconds:0} ms.");
    }

    private void Abandon(Task work, CancellationTokenSource cancel)
    {
        _unfinished = work;
        _view = null;
        // A policy's own cancellation callbacks may block or throw; off-thread they do so elsewhere.
        if (options.OffThread) _ = cancel.CancelAsync();
        else CancelHere(cancel);
    }

    private static void CancelHere(CancellationTokenSource cancel)
    {
        try
        {
            cancel.Cancel();
        }
        catch (AggregateException)
        {
            // Thrown by the policy's callbacks; the decision has gone on without it.
        }
    }

    // Every exception ends here: a policy is foreign code, and whatever it throws means "no answer".
    private async Task<PolicyAnswer> CallAsync(bool isNew, AgentContext context, string? feedback, CancellationToken cancel)
    {
        try
        {
            if (isNew) Policy.Begin();
            if (Policy is ITextPolicy talker)
            {
                var reply = await talker.ReplyAsync(context, feedback, cancel).ConfigureAwait(false);
                return reply is null ? PolicyAnswer.Failed(AttemptFailure.Error, "The policy returned no reply.") : new(null, reply, AttemptFailure.None, "");
            }
            var decision = await Policy.DecideAsync(context, cancel).ConfigureAwait(false);
            return decision is null ? PolicyAnswer.Failed(AttemptFailure.Error, "The policy returned no decision.") : new(decision, null, AttemptFailure.None, "");
        }
        catch (Exception e)
        {
            return PolicyAnswer.Failed(AttemptFailure.Error, UntrustedText.Clean($"{e.GetType().Name}: {e.Message}", 256));
        }
    }
}
