using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Missions of one robot in the built-in world: the agent decides at its own pace in simulated time, the robot's loop drives.</summary>
/// <remarks>
/// <para>One thread moves everything: a slice of the world, then the robot's body, then the timers of the agent, whose continuations run right there. Policies
/// are asked inline. So a run depends on nothing but its seed, and how it is cut into calls of <see cref="RunUntil"/> changes nothing.</para>
/// <para>When a mission ends the next seed's begins on the same site, where the robot stands and with the battery it has left, until
/// <see cref="MissionOptions.MaxMissions"/>; when none fits, the run is over.</para>
/// </remarks>
internal sealed class MissionRun : IDecisionSink, IMissionObserver, IGoalSource
{
    // Longer than any drive with all its patience.
    internal static readonly TimeSpan StepLimit = TimeSpan.FromMinutes(10);

    // Twenty times a second the body looks at the robot: a hundredth of a drive.
    private static readonly Duration Slice = Duration.FromMilliseconds(50);

    // What is measured against: the share of missions that a policy must end well before it ships, on the same scale as the bundles' gates.
    internal static readonly MonitorBaseline Baseline = new(Success: 0.9, Interventions: 0, MaxReturn: 1);

    private readonly FleetRun _run;
    private readonly ClockTimeProvider _time;
    private readonly MissionShift _shift;
    private readonly AgentRuntime _runtime;
    private readonly MissionRunner _runner;
    private readonly MonitorSuite _monitors;
    private readonly CancellationTokenSource _stop = new();
    private Task<MissionReport> _driving = null!;
    private Stamp _next;

    /// <summary>Starts the first mission of a run whose robot stands in the site's room.</summary>
    /// <param name="run">The robot and its world, made with <see cref="SimulatedFleetOptions.Site"/>.</param>
    /// <param name="options">What is driven, by whom.</param>
    /// <param name="seed">The first mission's seed.</param>
    /// <exception cref="EdgeException">There is no such policy, or it is damaged or for other missions.</exception>
    public MissionRun(FleetRun run, MissionOptions options, ulong seed)
    {
        _run = run;
        var site = run.Site ?? throw new ArgumentException("The run has no site; make it with SimulatedFleetOptions.Site.", nameof(run));
        var fleet = run.Fleet;
        var rover = fleet.World.Robots[0];
        _time = new ClockTimeProvider(fleet.World.Clock, DateTimeOffset.UnixEpoch);
        var robot = new SimulatedMissionRobot(fleet.World, rover);
        var statistics = fleet.Loops[0].Statistics;
        var hazards = new MissionHazards(robot, site, () => statistics.Rung, () => TimeSpan.FromSeconds((fleet.Now - rover.Odometry.Time).Seconds));
        var guard = new GuardChain(new SafetyEnvelope(hazards, hazards, site.Fence, MissionHazards.Reserve), _time);
        _monitors = new MonitorSuite(Baseline, null, OnTrigger);
        _runtime = new AgentRuntime(options.Line ?? (options.Agent is { } agent ? new PolicyLine(ModelFiles.ReadAgent(agent, new MissionWorldMissions(options.Family, options.World).Shape, _time)) : PolicyLine.PlannerOnly), guard, _time, new AgentRuntimeOptions { OffThread = false }, this, progress: ModelFiles.TryReadProgress(MissionWorldContract.Shape));
        _runner = new MissionRunner(_runtime, _time, new MissionRunnerOptions { StepLimit = StepLimit }, this);
        _shift = new MissionShift(site, options, seed, rover.Name, robot, hazards, _time, () => fleet.Now, (time, json) => run.Show(time, json), line => run.Log(line));
        _next = fleet.Now + Slice;
        Inline(Drive);
    }

    /// <summary>Gets the missions that are over.</summary>
    public IReadOnlyList<MissionRow> Rows => _shift.Rows;

    /// <summary>Gets how many ended well.</summary>
    public int Done => _shift.Done;

    /// <summary>Gets whether no mission follows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Gets one line about the mission under way.</summary>
    public string Headline => _shift.Headline;

    /// <summary>Runs everything up to an instant, or until no mission follows.</summary>
    public void RunUntil(Stamp end) => Inline(() =>
    {
        while (_next <= end && !IsOver)
        {
            _run.RunUntil(_next);
            _next += Slice;
            Advance();
            if (_driving.IsCompleted) End();
        }
        if (!IsOver) _run.RunUntil(end);
    });

    /// <summary>Ends the mission under way, the robot at rest. Before the loops end.</summary>
    public void Finish() => Inline(() =>
    {
        if (IsOver) return;
        IsOver = true;
        _stop.Cancel();
        // A command under way notices at the body's next look, a wait of the agent has noticed already.
        Advance();
        if (_driving.IsCompleted) Close();
    });

    /// <summary>Ends the mission under way.</summary>
    public void Dispose()
    {
        Finish();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    void IDecisionSink.Record(DecisionRecord record)
    {
        _shift.Record(record);
        _monitors.Record(record);
    }

    /// <inheritdoc/>
    string? IMissionObserver.OnStep(ActionCall call, in MissionStep step, ulong state) => _monitors.OnStep(call, step, state);

    /// <inheritdoc/>
    void IMissionObserver.OnEnd(MissionReport report) => _monitors.OnEnd(report);

    // A thread with a context of its own would be handed the continuations later, in an order that nobody knows.
    internal static void Inline(Action work)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            work();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void Advance()
    {
        _shift.Body.Advance();
        _time.FireDueTimers();
    }

    private void Drive()
    {
        Begin();
        // A mission that is over before anything moved has nowhere to go: the next one would be, too.
        if (_driving.IsCompleted) End();
    }

    private void Begin()
    {
        _shift.Begin();
        _driving = _runner.RunAsync(_shift.Mission, _shift.Body, _stop.Token);
    }

    private void End()
    {
        Close();
        IsOver = !_shift.TryNext();
        if (!IsOver) Begin();
    }

    private void Close() => _shift.Close(_driving.GetAwaiter().GetResult());

    private void OnTrigger(MonitorTrigger trigger)
    {
        _shift.Say(trigger);
        if (trigger.Action >= MonitorAction.Fallback) _runtime.Swap(PolicyLine.PlannerOnly, giveUp: true);
    }
}
