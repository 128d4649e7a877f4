using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A task of a fleet that is a whole mission: the robot's agent carries it out, step by step, from the place of the task on.</summary>
/// <remarks>One thread, in simulated time, policies asked inline; timers are fired by whoever moves the world.</remarks>
internal sealed class MissionWork : ITaskWork, IDecisionSink, IDisposable
{
    private readonly FleetRun _run;
    private readonly MissionSite _site;
    private readonly MissionOptions _options;
    private readonly ClockTimeProvider _time;
    private readonly string _name;
    private readonly IMissionRobot _robot;
    private readonly MissionHazards _hazards;
    private readonly MissionRunner _runner;
    private MissionWorldMission? _mission;
    private RobotMissionBody? _body;
    private CancellationTokenSource _stop = new();
    private Task<MissionReport>? _driving;
    private Stamp _began;
    private int _decisions, _fallbacks;

    /// <summary>Makes the agent of one robot.</summary>
    /// <param name="run">The robots and their world, made with a site.</param>
    /// <param name="options">What missions are about, and who decides.</param>
    /// <param name="index">Which robot.</param>
    /// <param name="time">The simulated time.</param>
    /// <param name="robot">The robot's body.</param>
    /// <exception cref="EdgeException">There is no such policy, or it is damaged or for other missions.</exception>
    public MissionWork(FleetRun run, MissionOptions options, int index, ClockTimeProvider time, IMissionRobot robot)
    {
        (_run, _options, _time) = (run, options, time);
        _site = run.Site ?? throw new ArgumentException("The run has no site.", nameof(run));
        var rover = run.Fleet.World.Robots[index];
        var statistics = run.Fleet.Loops[index].Statistics;
        (_name, _robot) = (rover.Name, robot);
        _hazards = new MissionHazards(_robot, _site, () => statistics.Rung, () => TimeSpan.FromSeconds((run.Fleet.Now - rover.Odometry.Time).Seconds));
        var line = options.Agent is { } agent ? new PolicyLine(ModelFiles.ReadAgent(agent, MissionWorldContract.Shape, time)) : PolicyLine.PlannerOnly;
        var runtime = new AgentRuntime(
            line, new GuardChain(new SafetyEnvelope(_hazards, _hazards, _site.Fence, MissionHazards.Reserve), time), time, new AgentRuntimeOptions { OffThread = false }, this, ModelFiles.TryReadProgress(MissionWorldContract.Shape));
        _runner = new MissionRunner(runtime, time, new MissionRunnerOptions { StepLimit = MissionRun.StepLimit });
    }

    /// <summary>Gets what missions came to, given up ones too.</summary>
    public List<MissionRow> Rows { get; } = [];

    /// <summary>Makes missions of a site as tasks: each begins at a place of its own.</summary>
    /// <param name="site">The room.</param>
    /// <param name="seed">The first mission's seed.</param>
    /// <param name="count">How many.</param>
    public static IReadOnlyList<FleetTask> Tasks(MissionSite site, ulong seed, int count)
    {
        var random = RandomStream.For(seed, "fleet.missions");
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int place = random.NextInt32(site.Layout.Map.Places.Count);
            var at = site.PointOf(place);
            return new FleetTask
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"m{i + 1:00}"), Class = TaskClass.Exclusive, OnLoss = TaskLoss.Retry, X = at.X, Y = at.Y, Seconds = 60, Reward = 10,
                Kind = string.Create(CultureInfo.InvariantCulture, $"mission {unchecked(seed + (ulong)i)} from {site.Layout.Map.Places[place].Name}"),
            };
        })];
    }

    /// <inheritdoc/>
    public void Begin(FleetTask task, Stamp now)
    {
        Stop();
        (_decisions, _fallbacks, _began) = (0, 0, now);
        if (Mission(task) is not { } mission) return;
        _mission = mission;
        _body = new RobotMissionBody(_robot, mission, _site, _time, _options.Body, text => Say(FoxgloveLogLevel.Warning, text));
        _hazards.Take(mission);
        _stop = new CancellationTokenSource();
        Say(FoxgloveLogLevel.Info, $"Mission {mission.Name}: {mission.Instruction}");
        _driving = _runner.RunAsync(mission, _body, _stop.Token);
    }

    /// <inheritdoc/>
    public WorkState Step(Stamp now)
    {
        if (_driving is not { } driving || _mission is not { } mission) return new WorkState(false, 0, "it is no mission that this robot knows");
        _body!.Advance();
        if (!driving.IsCompleted) return new WorkState(false, Math.Min(99, 100 * mission.Steps / mission.Limit));
        var report = Close(now, driving.GetAwaiter().GetResult());
        return report.Outcome == MissionOutcome.Succeeded ? new WorkState(true, 100) : new WorkState(false, 0, $"the mission ended as {report.Outcome}: {report.Detail}".TrimEnd(' ', ':', '.'));
    }

    /// <inheritdoc/>
    public void Stop()
    {
        if (_driving is not { } driving) return;
        _stop.Cancel();
        _body!.Advance();
        _time.FireDueTimers();
        if (driving.IsCompleted) Close(_run.Fleet.Now, driving.GetAwaiter().GetResult());
        _driving = null;
    }

    /// <inheritdoc/>
    void IDecisionSink.Record(DecisionRecord record)
    {
        _decisions++;
        if (record.FallbackUsed) _fallbacks++;
        _run.Show(_run.Fleet.Now, DecisionJson.Decision(_run.Fleet.Now, _name, _mission!, record));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _stop.Dispose();
    }

    private MissionRow Close(Stamp now, MissionReport report)
    {
        var row = new MissionRow(_mission!.Name, report.Outcome, report.Steps, (now - _began).Seconds, _decisions, _fallbacks, _body!.Failed, report.Detail);
        Rows.Add(row);
        _run.Show(now, DecisionJson.End(now, _name, _mission, row));
        _driving = null;
        return row;
    }

    // The words of the task say which mission it is; the same words give the same mission on every robot.
    private MissionWorldMission? Mission(FleetTask task)
    {
        string[] words = task.Kind.Split(' ', 4);
        if (words is not ["mission", var seed, "from", var name] || !ulong.TryParse(seed, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)) return null;
        var map = _site.Layout.Map;
        int place = Enumerable.Range(0, map.Places.Count).FirstOrDefault(p => map.Places[p].Name == name, -1);
        return place < 0 ? null : new MissionWorldMission(MissionGenerator.Generate(number, _options.Family, _options.World, map, place, map.BatteryCapacity), _options.World);
    }

    private void Say(FoxgloveLogLevel level, string text) => _run.Log(new LogLine(_run.Fleet.Now, level, _name, text));
}
