namespace EdgeAutonomy.Agents;

/// <summary>Drives missions: decide, carry out, tell, watch, wait; whatever goes wrong, the body ends at rest.</summary>
/// <remarks>One mission at a time. All waiting is in the time of the <see cref="TimeProvider"/>.</remarks>
public sealed class MissionRunner
{
    private readonly AgentRuntime _runtime;
    private readonly TimeProvider _time;
    private readonly MissionRunnerOptions _options;
    private readonly IMissionObserver? _observer;
    private readonly AgentMetrics? _metrics;

    /// <summary>Makes a runner.</summary>
    /// <param name="runtime">Who decides.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">The pace; defaults when null.</param>
    /// <param name="observer">Who watches; nobody when null.</param>
    /// <param name="metrics">Counts; nowhere when null.</param>
    public MissionRunner(AgentRuntime runtime, TimeProvider time, MissionRunnerOptions? options = null, IMissionObserver? observer = null, AgentMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(runtime);
        ArgumentNullException.ThrowIfNull(time);
        _options = options ?? new MissionRunnerOptions();
        _options.Validate();
        (_runtime, _time, _observer, _metrics) = (runtime, time, observer, metrics);
    }

    private bool Hop => _runtime.Options.OffThread;

    /// <summary>Runs a mission to its end.</summary>
    /// <param name="mission">The mission, at its start.</param>
    /// <param name="body">Who carries commands out.</param>
    /// <param name="cancel">Stops it from outside.</param>
    public async Task<MissionReport> RunAsync(IMission mission, IMissionBody body, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(mission);
        ArgumentNullException.ThrowIfNull(body);
        var tally = new Tally();
        bool atRest = false;
        try
        {
            _runtime.Begin();
            var (outcome, detail) = await DriveAsync(mission, body, tally, cancel).ConfigureAwait(false);
            if (outcome is not (MissionOutcome.Succeeded or MissionOutcome.Failed)) body.MakeSafe(detail);
            atRest = true;
            return End(mission, tally, outcome, detail);
        }
        finally
        {
            // A bug of the mission or of an observer leaves through here; the robot must not go on by itself.
            if (!atRest) body.MakeSafe("The mission broke off.");
        }
    }

    private async Task<(MissionOutcome Outcome, string Detail)> DriveAsync(IMission mission, IMissionBody body, Tally tally, CancellationToken cancel)
    {
        int stopsInRow = 0;
        while (!cancel.IsCancellationRequested)
        {
            long began = _time.GetTimestamp();
            var decision = await _runtime.DecideAsync(mission, cancel).ConfigureAwait(false);
            if (cancel.IsCancellationRequested) break;
            var step = decision.Approved is null ? null : await CarryOutAsync(decision.Approved, body, cancel).ConfigureAwait(false);
            if (step?.Fault is { } fault) return (MissionOutcome.Fault, fault);
            if (step?.Result is not { } result)
            {
                tally.SafeStops++;
                body.MakeSafe("No admissible command.");
                if (++stopsInRow >= _options.MaxSafeStops) return (MissionOutcome.SafeStopped, $"{stopsInRow} decisions in a row gave no admissible command.");
            }
            else
            {
                stopsInRow = 0;
                tally.Add(result);
                _runtime.Tell(decision.Approved!.Call, mission.Observation);
                string? end = _observer?.OnStep(decision.Approved.Call, result, MissionFingerprint.Of(mission));
                if (result.Done) return (result.Succeeded ? MissionOutcome.Succeeded : result.Terminated ? MissionOutcome.Failed : MissionOutcome.Cancelled, "");
                if (end is not null) return (MissionOutcome.SafeStopped, end);
            }
            await TimeLimit.PassAsync(_options.Period - _time.GetElapsedTime(began), _time, Hop, cancel).ConfigureAwait(false);
        }
        return (MissionOutcome.Cancelled, "Stopped from outside.");
    }

    private async Task<BodyResult> CarryOutAsync(ApprovedCall call, IMissionBody body, CancellationToken cancel)
    {
        // Not disposed and its cancellation not waited for: the body may react to it slowly, or never.
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var work = body.ExecuteAsync(call, stop.Token).AsTask();
            bool ended = await TimeLimit.EndsWithinAsync(work, _options.StepLimit, _time, Hop, cancel).ConfigureAwait(false);
            if (ended)
            {
                stop.Dispose();
                return new BodyResult(await work.ConfigureAwait(false), null);
            }
            body.MakeSafe("A command was broken off.");
            _ = stop.CancelAsync();
            return new BodyResult(null, cancel.IsCancellationRequested ? null : $"'{call.Call.Text}' took more than {_options.StepLimit.TotalSeconds:0.###} s.");
        }
        catch (Exception e)
        {
            return new BodyResult(null, UntrustedText.Clean($"'{call.Call.Text}' failed: {e.GetType().Name}: {e.Message}", 256));
        }
        finally
        {
            // An approval that the body did not take must not be taken later.
            call.Withdraw();
        }
    }

    private MissionReport End(IMission mission, Tally tally, MissionOutcome outcome, string detail)
    {
        var report = new MissionReport(mission.Name, outcome, mission.Steps, mission.Limit, tally.Grounded, tally.Return, tally.SafeStops, detail);
        _metrics?.CountMission(outcome);
        _observer?.OnEnd(report);
        return report;
    }

    private sealed record BodyResult(MissionStep? Result, string? Fault);

    private sealed class Tally
    {
        public int Grounded { get; private set; }

        public float Return { get; private set; }

        public int SafeStops { get; set; }

        public void Add(in MissionStep step)
        {
            if (step.Grounded) Grounded++;
            Return += step.Reward;
        }
    }
}
