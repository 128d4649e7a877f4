namespace EdgeAutonomy.Agents;

/// <summary>Lets a policy decide beside the incumbent on copies of live inputs; its decisions are counted and go nowhere.</summary>
/// <remarks>
/// It never delays the incumbent: at most one question is under way, and live decisions that come meanwhile are passed over and counted. Its scheduling
/// class and memory limit are the process's that it runs in: on a robot, one of its own. Thread-safe.
/// </remarks>
public sealed class ShadowRun
{
    // Two hours at one decision a second; the percentile needs no more.
    private const int MaxLatencies = 8192;

    private readonly IAgentPolicy _policy;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly List<TimeSpan> _latencies = [];
    private int _busy, _decisions, _agreed, _grounded, _incumbentGrounded, _failures, _dropped;
    private TimeSpan _busyTime;
    private string _mission = "";

    /// <summary>Starts a run.</summary>
    /// <param name="policy">The policy to try.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limit">The time for one decision; a later answer is a failure.</param>
    public ShadowRun(IAgentPolicy policy, TimeProvider time, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(time);
        (_policy, _time, _limit, _start) = (policy, time, limit, time.GetTimestamp());
    }

    /// <summary>Shows one live decision to the policy. Completes when the policy has answered; the robot does not wait for it.</summary>
    /// <param name="seen">Copies of what the incumbent saw and decided.</param>
    public async Task ObserveAsync(IShadowContext seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            Interlocked.Increment(ref _dropped);
            return;
        }
        long began = _time.GetTimestamp();
        ActionCall? choice = null;
        using var late = new CancellationTokenSource(_limit, _time);
        try
        {
            // Step 0 of another mission: the policy forgets the last one, as it would when acting.
            if (seen.Context.Step == 0 || seen.Context.Mission != _mission) _policy.Begin();
            _mission = seen.Context.Mission;
            choice = (await _policy.DecideAsync(seen.Context, late.Token).ConfigureAwait(false))?.Call;
        }
        catch (Exception)
        {
            // Counted as a failure below; whatever a policy in shadow throws must not reach the robot.
            choice = null;
        }
        finally
        {
            Count(seen, choice, _time.GetElapsedTime(began));
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Returns the figures so far.</summary>
    public ShadowFigures Figures()
    {
        lock (_gate)
        {
            var elapsed = _time.GetElapsedTime(_start);
            return new ShadowFigures(_decisions, _agreed, _grounded, _incumbentGrounded, _failures, Volatile.Read(ref _dropped), GateRules.Percentile99(_latencies), elapsed > TimeSpan.Zero ? _busyTime / elapsed : 0, elapsed);
        }
    }

    private void Count(IShadowContext seen, ActionCall? choice, TimeSpan took)
    {
        lock (_gate)
        {
            _decisions++;
            _busyTime += took;
            // Beyond the bound, the slowest of the old ones stay: the percentile may only be overestimated.
            if (_latencies.Count >= MaxLatencies) _latencies.Remove(_latencies.Min());
            _latencies.Add(took);
            if (choice is null || took > _limit) _failures++;
            if (choice is not null && choice.Equals(seen.Incumbent)) _agreed++;
            if (choice is not null && seen.Context.Candidates.Contains(choice)) _grounded++;
            if (seen.Incumbent is not null && seen.Context.Candidates.Contains(seen.Incumbent)) _incumbentGrounded++;
        }
    }
}
