using System.Globalization;
using EdgeAutonomy.Agents;
using EdgeAutonomy.Recording;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>The missions of one robot on one site, one after the other: the one under way, and what came of those before. Tells recording and page about both.</summary>
/// <remarks>When a mission ends the next seed's begins on the same site, where the robot stands and with the battery it has left. Whoever drives the missions calls in
/// the order <see cref="Begin"/>, <see cref="Close"/>, <see cref="TryNext"/>, <see cref="Begin"/> …; decisions in between may come from any thread, one at a time.</remarks>
internal sealed class MissionShift : IDecisionSink
{
    private readonly MissionSite _site;
    private readonly MissionOptions _options;
    private readonly string _name;
    private readonly IMissionRobot _robot;
    private readonly MissionHazards _hazards;
    private readonly TimeProvider _time;
    private readonly Func<Stamp> _now;
    private readonly Action<Stamp, byte[]> _show;
    private readonly Action<LogLine> _log;
    private readonly List<MissionRow> _rows = [];
    private ulong _seed;
    private MissionWorldLayout _layout;
    private Stamp _began;
    private int _decisions, _fallbacks;

    /// <summary>Makes a shift; <see cref="Begin"/> starts its first mission, the site's.</summary>
    /// <param name="site">The room.</param>
    /// <param name="options">What is driven.</param>
    /// <param name="seed">The first mission's seed.</param>
    /// <param name="name">The robot's name.</param>
    /// <param name="robot">The robot.</param>
    /// <param name="hazards">What the safety envelope asks; told which mission it is.</param>
    /// <param name="time">The clock that the robot's work is measured with.</param>
    /// <param name="now">The time of the robot's loop, for records.</param>
    /// <param name="show">Takes decisions and ends as JSON.</param>
    /// <param name="log">Takes sentences.</param>
    public MissionShift(
        MissionSite site, MissionOptions options, ulong seed, string name, IMissionRobot robot, MissionHazards hazards,
        TimeProvider time, Func<Stamp> now, Action<Stamp, byte[]> show, Action<LogLine> log)
    {
        (_site, _options, _seed, _name, _robot, _hazards, _time, _now, _show, _log) = (site, options, seed, name, robot, hazards, time, now, show, log);
        _layout = site.Layout;
        Mission = new MissionWorldMission(_layout, options.World);
        Body = NewBody();
    }

    /// <summary>Gets the mission under way, or the last one.</summary>
    public MissionWorldMission Mission { get; private set; }

    /// <summary>Gets who carries it out.</summary>
    public RobotMissionBody Body { get; private set; }

    /// <summary>Gets the missions that are over. Whoever drives them, or afterwards.</summary>
    public IReadOnlyList<MissionRow> Rows => _rows;

    /// <summary>Gets how many ended well.</summary>
    public int Done => _rows.Count(r => r.Outcome == MissionOutcome.Succeeded);

    /// <summary>Gets one line about the mission under way.</summary>
    public string Headline => string.Create(CultureInfo.InvariantCulture, $"{Mission.Name} step {Mission.Steps} of {Mission.Limit}   {Done} missions done");

    /// <summary>Starts the mission that is next.</summary>
    public void Begin()
    {
        Mission = new MissionWorldMission(_layout, _options.World);
        Body = NewBody();
        _hazards.Take(Mission);
        (_began, _decisions, _fallbacks) = (_now(), 0, 0);
        Say(FoxgloveLogLevel.Info, $"Mission {Mission.Name}: {Mission.Instruction}");
    }

    /// <summary>Ends the mission under way.</summary>
    /// <param name="report">What it came to.</param>
    public void Close(MissionReport report)
    {
        var now = _now();
        var row = new MissionRow(Mission.Name, report.Outcome, report.Steps, (now - _began).Seconds, _decisions, _fallbacks, Body.Failed, report.Detail);
        _rows.Add(row);
        _show(now, DecisionJson.End(now, _name, Mission, row));
        Say(row.Outcome == MissionOutcome.Succeeded ? FoxgloveLogLevel.Info : FoxgloveLogLevel.Warning, string.Create(CultureInfo.InvariantCulture, $"Mission {row.Name}: {row.Outcome} after {row.Steps} steps and {row.Seconds:0.0} s. {row.Detail}").TrimEnd());
    }

    /// <summary>Finds the next mission.</summary>
    /// <returns>False when no mission follows: as many as were asked for are over, or none fits.</returns>
    public bool TryNext()
    {
        if (_rows.Count >= _options.MaxMissions) return false;
        _seed = unchecked(_seed + 1);
        try
        {
            var at = Mission.Situation;
            _layout = MissionGenerator.Generate(_seed, _options.Family, _options.World, Mission.Map, at.Place, Math.Max(1, at.Battery));
            return true;
        }
        catch (InvalidOperationException none)
        {
            Say(FoxgloveLogLevel.Warning, $"No further mission: {none.Message}");
            return false;
        }
    }

    /// <inheritdoc/>
    public void Record(DecisionRecord record)
    {
        _decisions++;
        if (record.FallbackUsed) _fallbacks++;
        var now = _now();
        _show(now, DecisionJson.Decision(now, _name, Mission, record));
    }

    /// <summary>Tells recording and page a sentence.</summary>
    public void Say(FoxgloveLogLevel level, string text) => _log(new LogLine(_now(), level, "agent", text));

    /// <summary>Tells what a monitor found.</summary>
    public void Say(MonitorTrigger trigger) => Say(FoxgloveLogLevel.Warning, $"Monitor {trigger.Monitor}: {trigger.Action}: {trigger.Evidence}.");

    private RobotMissionBody NewBody() => new(_robot, Mission, _site, _time, _options.Body, text => Say(FoxgloveLogLevel.Warning, text));
}
