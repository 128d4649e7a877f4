using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Missions of one robot in the built-in world: the agent decides at its own pace in simulated time, the robot's loop drives.</summary>
/// <remarks>
/// <para>One thread moves everything: a slice of the world, then the robot's body, then the timers of the agent, whose continuations run right there. Policies
/// are asked inline. So a run depends on nothing but its seed, and how it is cut into calls of <see cref="RunUntil"/> changes nothing.</para>
/// <para>When a mission ends the next seed's begins on the same site, where the robot stands and with the battery it has left, until
/// <see cref="MissionOptions.MaxMissions"/>; when none fits, the run is over.</para>
/// </remarks>
internal sealed class MissionRun : IDecisionSink, IMissionObserver, IDisposable
{
    // Twenty times a second the body looks at the robot: a hundredth of a drive.
    private static readonly Duration Slice = Duration.FromMilliseconds(50);

    // What is measured against: the share of missions that a policy must end well before it ships, on the same scale as the bundles' gates.
    private static readonly MonitorBaseline Baseline = new(Success: 0.9, Interventions: 0, MaxReturn: 1);

    private readonly FleetRun _run;
    private readonly MissionSite _site;
    private readonly MissionOptions _options;
    private readonly ClockTimeProvider _time;
    private readonly SimulatedMissionRobot _robot;
    private readonly MissionHazards _hazards;
    private readonly AgentRuntime _runtime;
    private readonly MissionRunner _runner;
    private readonly MonitorSuite _monitors;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<MissionRow> _rows = [];
    private ulong _seed;
    private MissionWorldMission _mission;
    private RobotMissionBody _body;
    private Task<MissionReport> _driving = null!;
    private Stamp _next, _began;
    private int _decisions, _fallbacks;

    /// <summary>Starts the first mission of a run whose robot stands in the site's room.</summary>
    /// <param name="run">The robot and its world, made with <see cref="FleetOptions.Site"/>.</param>
    /// <param name="options">What is driven, by whom.</param>
    /// <param name="seed">The first mission's seed.</param>
    /// <exception cref="EdgeException">There is no such policy, or it is damaged or for other missions.</exception>
    public MissionRun(FleetRun run, MissionOptions options, ulong seed)
    {
        (_run, _options, _seed) = (run, options, seed);
        _site = run.Site ?? throw new ArgumentException("The run has no site; make it with FleetOptions.Site.", nameof(run));
        var fleet = run.Fleet;
        _time = new ClockTimeProvider(fleet.World.Clock, DateTimeOffset.UnixEpoch);
        _robot = new SimulatedMissionRobot(fleet.World.Robots[0]);
        var statistics = fleet.Loops[0].Statistics;
        _hazards = new MissionHazards(_robot, _site, () => statistics.Rung, () => TimeSpan.FromSeconds((fleet.Now - fleet.World.Robots[0].Odometry.Time).Seconds));
        var guard = new GuardChain(new SafetyEnvelope(_hazards, _hazards, _site.Fence, MissionHazards.Reserve), _time);
        _monitors = new MonitorSuite(Baseline, null, OnTrigger);
        _runtime = new AgentRuntime(options.Line ?? (options.Agent is { } agent ? new PolicyLine(ModelFiles.ReadAgent(agent, new MissionWorldMissions(options.Family, options.World).Shape, _time)) : PolicyLine.PlannerOnly), guard, _time, new AgentRuntimeOptions { OffThread = false }, this, progress: ModelFiles.TryReadProgress(MissionWorldContract.Shape));
        _runner = new MissionRunner(_runtime, _time, new MissionRunnerOptions { StepLimit = TimeSpan.FromMinutes(10) }, this);
        _next = fleet.Now + Slice;
        (_mission, _body) = Begin(_site.Layout);
        Inline(Drive);
    }

    /// <summary>Gets the missions that are over.</summary>
    public IReadOnlyList<MissionRow> Rows => _rows;

    /// <summary>Gets how many ended well.</summary>
    public int Done => _rows.Count(r => r.Outcome == MissionOutcome.Succeeded);

    /// <summary>Gets whether no mission follows.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Gets one line about the mission under way.</summary>
    public string Headline => string.Create(CultureInfo.InvariantCulture, $"{_mission.Name} step {_mission.Steps} of {_mission.Limit}   {Done} missions done");

    /// <summary>Runs everything up to an instant, or until no mission follows.</summary>
    public void RunUntil(Stamp end) => Inline(() =>
    {
        while (_next <= end && !IsOver)
        {
            _run.RunUntil(_next);
            _next += Slice;
            _body.Advance();
            _time.FireDueTimers();
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
        _body.Advance();
        _time.FireDueTimers();
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
        _decisions++;
        if (record.FallbackUsed) _fallbacks++;
        _run.Show(Now, DecisionJson.Decision(Now, Robot, _mission, record));
        _monitors.Record(record);
    }

    /// <inheritdoc/>
    string? IMissionObserver.OnStep(ActionCall call, in MissionStep step, ulong state) => _monitors.OnStep(call, step, state);

    /// <inheritdoc/>
    void IMissionObserver.OnEnd(MissionReport report) => _monitors.OnEnd(report);

    private Stamp Now => _run.Fleet.Now;

    private string Robot => _run.Fleet.World.Robots[0].Name;

    // A thread with a context of its own would be handed the continuations later, in an order that nobody knows.
    private static void Inline(Action work)
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

    private (MissionWorldMission Mission, RobotMissionBody Body) Begin(MissionWorldLayout layout)
    {
        _mission = new MissionWorldMission(layout, _options.World);
        _body = new RobotMissionBody(_robot, _mission, _site, _time, _options.Body, text => Say(FoxgloveLogLevel.Warning, text));
        _hazards.Take(_mission);
        (_began, _decisions, _fallbacks) = (Now, 0, 0);
        Say(FoxgloveLogLevel.Info, $"Mission {_mission.Name}: {_mission.Instruction}");
        return (_mission, _body);
    }

    private void Drive()
    {
        _driving = _runner.RunAsync(_mission, _body, _stop.Token);
        // A mission that is over before anything moved has nowhere to go: the next one would be, too.
        if (_driving.IsCompleted) End();
    }

    private void End()
    {
        Close();
        IsOver = _rows.Count >= _options.MaxMissions;
        if (IsOver || Next() is not { } layout)
        {
            IsOver = true;
            return;
        }
        Begin(layout);
        _driving = _runner.RunAsync(_mission, _body, _stop.Token);
    }

    private void Close()
    {
        var report = _driving.GetAwaiter().GetResult();
        var row = new MissionRow(_mission.Name, report.Outcome, report.Steps, (Now - _began).Seconds, _decisions, _fallbacks, _body.Failed, report.Detail);
        _rows.Add(row);
        _run.Show(Now, DecisionJson.End(Now, Robot, _mission, row));
        Say(row.Outcome == MissionOutcome.Succeeded ? FoxgloveLogLevel.Info : FoxgloveLogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"Mission {row.Name}: {row.Outcome} after {row.Steps} steps and {row.Seconds:0.0} s. {row.Detail}").TrimEnd());
    }

    private MissionWorldLayout? Next()
    {
        _seed = unchecked(_seed + 1);
        try
        {
            var at = _mission.Situation;
            return MissionGenerator.Generate(_seed, _options.Family, _options.World, _mission.Map, at.Place, Math.Max(1, at.Battery));
        }
        catch (InvalidOperationException none)
        {
            Say(FoxgloveLogLevel.Warning, $"No further mission: {none.Message}");
            return null;
        }
    }

    private void OnTrigger(MonitorTrigger trigger)
    {
        Say(FoxgloveLogLevel.Warning, $"Monitor {trigger.Monitor}: {trigger.Action}: {trigger.Evidence}.");
        if (trigger.Action >= MonitorAction.Fallback) _runtime.Swap(PolicyLine.PlannerOnly, giveUp: true);
    }

    private void Say(FoxgloveLogLevel level, string text) => _run.Log(new LogLine(Now, level, "agent", text));
}
