using System.Collections.Immutable;

namespace EdgeAutonomy.Agents;

/// <summary>Plays missions with a policy and nobody behind it, under the same guard as on a robot, and measures what the gates ask for.</summary>
/// <remarks>The outcome of a mission depends on its number and the policy alone unless a decision takes longer than the deadline; latencies are measured. One call at a time.</remarks>
public sealed class MissionTrial
{
    private readonly TimeProvider _time;
    private readonly ISafetyEnvelope _envelope;
    private readonly AgentRuntimeOptions _options;

    /// <summary>Makes a trial.</summary>
    /// <param name="time">The clock of latencies and deadlines.</param>
    /// <param name="envelope">What the robot is allowed to do; <see cref="NoHazard"/> when null, for worlds made of text.</param>
    /// <param name="options">Times and counts; the defaults, on the caller's thread, when null.</param>
    public MissionTrial(TimeProvider time, ISafetyEnvelope? envelope = null, AgentRuntimeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        (_time, _envelope, _options) = (time, envelope ?? new NoHazard(), options ?? new AgentRuntimeOptions { OffThread = false });
    }

    /// <summary>Plays one mission.</summary>
    /// <param name="line">Who decides; <see cref="PolicyLine.PlannerOnly"/> lets the mission's own planner do so.</param>
    /// <param name="start">The mission at its start.</param>
    /// <param name="monitors">Watch it; nobody when null.</param>
    /// <param name="period">Shortest time between decisions; 0 for as fast as it goes.</param>
    /// <param name="cancel">Ends it early.</param>
    public async Task<MissionTrialResult> PlayAsync(PolicyLine line, IMission start, MonitorSuite? monitors = null, TimeSpan period = default, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(start);
        var mission = line.Main is null ? start : new UnaidedMission(start);
        var notes = new Notes(monitors);
        // A runtime of its own per mission: an opened circuit must not spoil the next one.
        var runtime = new AgentRuntime(line, new GuardChain(_envelope, _time), _time, _options, notes);
        var report = await new MissionRunner(runtime, _time, new MissionRunnerOptions { Period = period }, notes).RunAsync(mission, new SteppingBody(mission), cancel).ConfigureAwait(false);
        return new MissionTrialResult(report, notes.Latencies.ToImmutable(), notes.Commands.ToImmutable());
    }

    /// <summary>Lets a policy decide a recorded mission again: at each step it sees what was seen then, and what was done then is done.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="mission">The mission at its start.</param>
    /// <param name="commands">What was carried out.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="InvalidDataException">A recorded command does not belong to the mission: it was recorded in another one.</exception>
    public async Task<ReplayFigures> ReplayAsync(IAgentPolicy policy, IMission mission, IReadOnlyList<string> commands, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(mission);
        ArgumentNullException.ThrowIfNull(commands);
        int unsafeOnes = 0, grounded = 0;
        var history = new List<(ActionCall Call, string Outcome)>();
        policy.Begin();
        for (int i = 0; i < commands.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var recorded = mission.Candidates.FirstOrDefault(c => c.Text == commands[i]);
            if (recorded is null || !mission.IsExecutable(commands[i])) throw new InvalidDataException($"Recorded mission '{UntrustedText.Clean(mission.Name, 80)}', step {i}: '{UntrustedText.Clean(commands[i], 80)}' cannot be carried out there; it was recorded in another world.");
            var view = new MissionView(mission.Shape);
            mission.Describe(view);
            var executable = ImmutableArray.CreateBuilder<ActionCall>();
            for (int c = 0; c < view.Count; c++)
            {
                if (view.Executable[c]) executable.Add(mission.Candidates[c]);
            }
            var call = await DecideAsync(policy, new AgentContext(mission.Name, mission.Instruction, mission.Observation, [.. history.TakeLast(_options.History)], executable.ToImmutable(), view, mission.WorldVersion, mission.Steps, mission.Limit), cancel).ConfigureAwait(false);
            bool isGrounded = call is not null && mission.Candidates.Contains(call) && mission.IsExecutable(call.Text);
            if (isGrounded) grounded++;
            if (isGrounded && !_envelope.Check(call!).IsSafe && _envelope.Check(recorded).IsSafe) unsafeOnes++;
            var step = mission.Step(commands[i]);
            history.Add((recorded, mission.Observation));
            if (step.Done && i < commands.Count - 1) throw new InvalidDataException($"Recorded mission '{UntrustedText.Clean(mission.Name, 80)}' is over after step {i}, {commands.Count - 1 - i} further commands are recorded; it was recorded in another world.");
        }
        return new ReplayFigures(commands.Count, unsafeOnes, grounded, commands.Count);
    }

    private static async Task<ActionCall?> DecideAsync(IAgentPolicy policy, AgentContext context, CancellationToken cancel)
    {
        try
        {
            return (await policy.DecideAsync(context, cancel).ConfigureAwait(false))?.Call;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // No answer is an ungrounded one.
            return null;
        }
    }

    private sealed class Notes(MonitorSuite? monitors) : IDecisionSink, IMissionObserver
    {
        public ImmutableArray<TimeSpan>.Builder Latencies { get; } = ImmutableArray.CreateBuilder<TimeSpan>();

        public ImmutableArray<string>.Builder Commands { get; } = ImmutableArray.CreateBuilder<string>();

        public void Record(DecisionRecord record)
        {
            Latencies.Add(record.Latency);
            monitors?.Record(record);
        }

        public string? OnStep(ActionCall call, in MissionStep step, ulong state)
        {
            Commands.Add(call.Text);
            return monitors?.OnStep(call, step, state);
        }

        public void OnEnd(MissionReport report) => monitors?.OnEnd(report);
    }
}
