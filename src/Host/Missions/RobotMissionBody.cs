using System.Globalization;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host;

/// <summary>Carries out a mission's commands with a robot: a drive is a goal for its loop, any other command is standing at the place for as long as the work takes.</summary>
/// <remarks>
/// <para>The mission's world model is stepped when the robot has done it, not before. A drive that does not arrive in time, or a robot that does not
/// come to rest, stops the robot: the command counts as not carried out, the model stays as it is, and the mission decides again. A robot that is not where
/// the model believes it, because a drive was broken off, first drives back before it works. After <see cref="MissionBodyOptions.MaxFailures"/>
/// commands in a row that were not carried out the mission ends as a fault.</para>
/// <para><see cref="Advance"/> is called after every slice of time, simulated or real, by one thread; what waits for a command goes on inside it. Commands may come
/// from any thread (a lock); the token of <see cref="ExecuteAsync"/> is obeyed at the next <see cref="Advance"/>.</para>
/// </remarks>
internal sealed class RobotMissionBody : IMissionBody
{
    private static readonly MissionStep NotCarriedOut = new(0, Grounded: false, Terminated: false, Truncated: false, Succeeded: false);

    private readonly IMissionRobot _robot;
    private readonly MissionWorldMission _mission;
    private readonly MissionSite _site;
    private readonly TimeProvider _time;
    private readonly MissionBodyOptions _options;
    private readonly Action<string> _say;
    private readonly Lock _gate = new();
    private Errand? _errand;
    private int _failures;

    /// <summary>Makes a body for one mission.</summary>
    /// <param name="robot">The robot.</param>
    /// <param name="mission">The mission's world model.</param>
    /// <param name="site">Where its places are.</param>
    /// <param name="time">The clock that work is measured with.</param>
    /// <param name="options">Limits; defaults when null.</param>
    /// <param name="say">Told what was not carried out, in one sentence; nobody when null.</param>
    public RobotMissionBody(IMissionRobot robot, MissionWorldMission mission, MissionSite site, TimeProvider time, MissionBodyOptions? options = null, Action<string>? say = null)
    {
        (_robot, _mission, _site, _time) = (robot, mission, site, time);
        _options = options ?? new MissionBodyOptions();
        _say = say ?? (static _ => { });
    }

    /// <summary>Gets whether a command is under way.</summary>
    public bool IsBusy => _errand is not null;

    /// <summary>Gets how many commands were not carried out.</summary>
    public int Failed { get; private set; }

    /// <inheritdoc/>
    public ValueTask<MissionStep?> ExecuteAsync(ApprovedCall call, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(call);
        lock (_gate) return Execute(call, cancel);
    }

    /// <inheritdoc/>
    public void MakeSafe(string reason)
    {
        lock (_gate)
        {
            _robot.Stop();
            if (_errand is not { } errand) return;
            _errand = null;
            errand.Done.TrySetResult(null);
        }
    }

    /// <summary>Looks how the command under way is getting on.</summary>
    public void Advance()
    {
        lock (_gate)
        {
            if (_errand is not { } errand) return;
            if (errand.Cancel.IsCancellationRequested) MakeSafe("Cancelled.");
            else if (errand.Place >= 0) OnTheWay(errand);
            else AtWork(errand);
        }
    }

    private ValueTask<MissionStep?> Execute(ApprovedCall call, CancellationToken cancel)
    {
        if (_errand is not null) throw new InvalidOperationException($"Bug in EdgeAutonomy.Host: '{call.Call.Text}' was asked for while '{_errand.Text}' is under way.");
        if (!call.TryTake(_mission, out var taken)) return ValueTask.FromResult<MissionStep?>(null);
        int here = _mission.Situation.Place;
        var command = _mission.WellFormed.First(c => c.Text == taken.Text);
        bool drives = command.Verb == MissionWorldVerb.Drive;
        _errand = new Errand(taken.Text, drives ? 0 : command.Meaning(_mission.Map, here).Seconds, cancel);
        if (drives) SendTo(command.Place);
        else if (Metres(here) > _options.NearMetre) SendTo(here);
        else BeginWork();
        return new ValueTask<MissionStep?>(_errand.Done.Task);
    }

    private void SendTo(int place)
    {
        var goal = _site.GoalOf(place);
        (_errand!.Place, _errand.Began, _errand.Limit) = (place, _time.GetTimestamp(), _options.DriveSeconds + _options.SecondsPerMetre * Metres(place));
        _robot.Drive(goal);
    }

    private void OnTheWay(Errand errand)
    {
        if (!_robot.HasGoal)
        {
            if (errand.Work == 0) Complete(errand);
            else BeginWork();
        }
        else if (Seconds(errand.Began) >= errand.Limit)
        {
            GiveUp(errand, string.Create(CultureInfo.InvariantCulture, $"{_mission.Map.Places[errand.Place].Name} was not reached within {errand.Limit:0.#} s"));
        }
    }

    private void BeginWork()
    {
        _robot.Stop();
        long now = _time.GetTimestamp();
        (_errand!.Place, _errand.Began, _errand.RestSince, _errand.Limit) = (-1, now, now, _errand.Work + _options.RestSeconds);
    }

    private void AtWork(Errand errand)
    {
        if (!_robot.IsAtRest) errand.RestSince = _time.GetTimestamp();
        if (Seconds(errand.RestSince) >= errand.Work) Complete(errand);
        else if (Seconds(errand.Began) >= errand.Limit) GiveUp(errand, string.Create(CultureInfo.InvariantCulture, $"the robot did not stand still for {errand.Work:0.#} s within {errand.Limit:0.#} s"));
    }

    private void Complete(Errand errand)
    {
        _errand = null;
        _failures = 0;
        errand.Done.TrySetResult(_mission.Step(errand.Text));
    }

    private void GiveUp(Errand errand, string why)
    {
        _robot.Stop();
        _errand = null;
        Failed++;
        _say($"'{errand.Text}' was not carried out: {why}; the robot stopped.");
        if (++_failures < _options.MaxFailures) errand.Done.TrySetResult(NotCarriedOut);
        else errand.Done.TrySetException(new MissionBodyException($"{why}, the last of {_failures} commands in a row that were not carried out."));
    }

    private double Metres(int place)
    {
        var (at, to) = (_robot.Position, _site.PointOf(place));
        return Math.Sqrt((at.X - to.X) * (at.X - to.X) + (at.Y - to.Y) * (at.Y - to.Y));
    }

    private double Seconds(long since) => _time.GetElapsedTime(since).TotalSeconds;

    // Continuations run inside whatever completes it, which is what makes the order of a simulation exact.
    private sealed class Errand(string text, double work, CancellationToken cancel)
    {
        public string Text { get; } = text;

        public double Work { get; } = work;

        public CancellationToken Cancel { get; } = cancel;

        public TaskCompletionSource<MissionStep?> Done { get; } = new();

        public int Place { get; set; } = -1;

        public long Began { get; set; }

        public long RestSince { get; set; }

        public double Limit { get; set; }
    }
}
