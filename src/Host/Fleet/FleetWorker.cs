using EdgeAutonomy.Agents;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>A robot of a fleet at work: takes the task that is next for it, drives there, waits until it may begin, works, does it and reports it.</summary>
/// <remarks>
/// <para>Looks at the node again before every step of a task, so that a claim that is lost or a lease that ran out stops it. What cannot be undone, the act at the end of an exclusive task,
/// comes only behind a granted commit and through the fencing gate; after a start it looks at what an earlier start left behind.</para>
/// <para>One thread: the one that steps the node.</para>
/// </remarks>
internal sealed class FleetWorker
{
    private readonly FleetNode _node;
    private readonly IMissionRobot _robot;
    private readonly ITaskEffects _effects;
    private readonly ITaskWork _work;
    private readonly FleetWorkerOptions _options;
    private readonly Action<string> _say;
    private FleetTask? _task;
    private FleetPhase _phase;
    private MapPoint? _home;
    private string? _passedOver;
    private Stamp _since, _again;
    private int _goal;

    /// <summary>Makes a robot that has no task yet.</summary>
    /// <param name="node">Its place in the fleet.</param>
    /// <param name="robot">Its body.</param>
    /// <param name="effects">Where what it does becomes fact.</param>
    /// <param name="options">How patient it is.</param>
    /// <param name="say">Told what a person should know, in one sentence.</param>
    /// <param name="work">What it does at the place; standing there when null.</param>
    public FleetWorker(FleetNode node, IMissionRobot robot, ITaskEffects effects, FleetWorkerOptions? options = null, Action<string>? say = null, ITaskWork? work = null)
    {
        (_node, _robot, _effects, _work) = (node, robot, effects, work ?? new StandingWork(robot));
        _options = options ?? new FleetWorkerOptions();
        _say = say ?? (static _ => { });
    }

    /// <summary>Gets what it is doing.</summary>
    public FleetPhase Phase => _phase;

    /// <summary>Gets the task that it has in hand; null = none.</summary>
    public FleetTask? Task => _task;

    /// <summary>Gets how many tasks it finished.</summary>
    public int Done { get; private set; }

    /// <summary>Gets how many it gave up.</summary>
    public int GivenUp { get; private set; }

    /// <summary>Does what is due. Call after <see cref="FleetNode.Step"/>.</summary>
    /// <param name="now">The robot's monotonic time.</param>
    public void Step(Stamp now)
    {
        _home ??= _robot.Position;
        LookBack(now);
        switch (_phase)
        {
            case FleetPhase.Idle or FleetPhase.Driving or FleetPhase.Waiting: Follow(now); break;
            case FleetPhase.Working: Work(now); break;
            case FleetPhase.Committing: Commit(now); break;
            case FleetPhase.Finishing: Finish(now); break;
        }
    }

    // A start before this one may have ended between the act and its report: the world says whether it was done.
    private void LookBack(Stamp now)
    {
        foreach (string id in _node.Interrupted.ToArray())
        {
            bool done = _effects.WasDone(id);
            if (_node.Resolve(id, done, now)) _say($"Task {id} was interrupted by a restart; {(done ? "it was done" : "it was not done")}.");
        }
    }

    private void Follow(Stamp now)
    {
        var next = Next(now);
        if (next?.Id != _task?.Id || _task is null)
        {
            _task = next;
            if (next is null)
            {
                if (_phase != FleetPhase.Idle) _robot.Stop();
                Enter(FleetPhase.Idle, now);
                MakeRoom();
                return;
            }
            Drive(next, now);
        }
        var task = _task!;
        if (_phase == FleetPhase.Driving)
        {
            if (!_robot.HasGoal && IsNear(task))
            {
                _robot.Stop();
                Enter(FleetPhase.Waiting, now);
            }
            else if (now - _since > _options.DriveFor + new Duration((long)(_options.SecondsPerMetre * Metres(task) * 1e9)))
            {
                GiveUp(now, "its place was not reached in time");
                return;
            }
            // Something took the goal away, or the robot was pushed off its place.
            else if (!_robot.HasGoal) Drive(task, now);
        }
        if (_phase == FleetPhase.Waiting && _node.MayStart(task.Id, now) == StartVerdict.Yes && _node.Begin(task.Id, now))
        {
            _work.Begin(task, now);
            Enter(FleetPhase.Working, now);
        }
    }

    // Who stands idle where another one has to work would keep it from ever getting there.
    private void MakeRoom()
    {
        if (_robot.HasGoal) return;
        if (_robot.Aside is { } aside)
        {
            Drive(aside);
            _home = aside;
            return;
        }
        if (_home is not { } home || Metres(home) <= _options.RoomMetre) return;
        foreach (var task in _node.OpenTasks)
        {
            if (Metres(task) > _options.RoomMetre) continue;
            Drive(home);
            return;
        }
    }

    // The first of its path; but where that waits for a lease in vain, the first that needs none, until the lease comes.
    private FleetTask? Next(Stamp now)
    {
        if (_node.AssignmentLength == 0) return null;
        var first = _node.Assignment(0);
        bool lacksLease = first.Class == TaskClass.Exclusive && _node.MayStart(first.Id, now) == StartVerdict.NoLease;
        if (!lacksLease) _passedOver = null;
        else if (_phase == FleetPhase.Waiting && _task?.Id == first.Id && now - _since > _options.LeaseFor) _passedOver = first.Id;
        if (_passedOver != first.Id) return first;
        for (int i = 1; i < _node.AssignmentLength; i++)
        {
            if (_node.Assignment(i) is { Class: TaskClass.Idempotent } other) return other;
        }
        return first;
    }

    private void Work(Stamp now)
    {
        if (_node.MayStart(_task!.Id, now) is not StartVerdict.Yes and var verdict)
        {
            GiveUp(now, verdict == StartVerdict.NoLease ? "the lease was lost" : "another robot has it");
            return;
        }
        var state = _work.Step(now);
        if (state.Fault is { } fault)
        {
            GiveUp(now, fault);
            return;
        }
        if (now >= _again)
        {
            _node.Progress(state.Percent, now);
            _again = now + new Duration(1_000_000_000);
        }
        if (!state.IsDone) return;
        Enter(_task.Class == TaskClass.Exclusive ? FleetPhase.Committing : FleetPhase.Finishing, now);
        if (_phase == FleetPhase.Committing) Commit(now);
        else if (_effects.TryDo(_task.Id, 0)) Finish(now);
    }

    private void Commit(Stamp now)
    {
        var verdict = _node.Commit(_task!.Id, now);
        if (verdict == CommitVerdict.Pending) return;
        // Read anew: the lease must hold at this moment, not when the question was asked.
        ulong token = verdict == CommitVerdict.Granted ? _node.Token(_task.Id, now) : 0;
        if (token == 0 || !_effects.TryDo(_task.Id, token))
        {
            GiveUp(now, verdict == CommitVerdict.Granted ? "the fencing gate refused it" : "the lease was lost");
            return;
        }
        Enter(FleetPhase.Finishing, now);
        Finish(now);
    }

    private void Finish(Stamp now)
    {
        if (!_node.Finish(_task!.Id, now)) return;
        Done++;
        _task = null;
        Enter(FleetPhase.Idle, now);
    }

    private void Drive(FleetTask task, Stamp now)
    {
        Drive(new MapPoint(task.X, task.Y));
        Enter(FleetPhase.Driving, now);
    }

    private void Drive(MapPoint place)
    {
        // Number 0 means no goal.
        _goal = _goal % 1_000_000 + 1;
        _robot.Drive(new Goal(_goal, place.X, place.Y, (float)_options.NearMetre));
    }

    private void GiveUp(Stamp now, string why)
    {
        _say($"Task {_task!.Id} was given up: {why}.");
        _node.GiveUp(_task.Id, now);
        _work.Stop();
        _robot.Stop();
        GivenUp++;
        _task = null;
        Enter(FleetPhase.Idle, now);
    }

    private void Enter(FleetPhase phase, Stamp now) => (_phase, _since) = (phase, now);

    private bool IsNear(FleetTask task) => Metres(task) <= _options.NearMetre + 0.3;

    private double Metres(FleetTask task) => Metres(new MapPoint(task.X, task.Y));

    private double Metres(MapPoint place)
    {
        var at = _robot.Position;
        return Math.Sqrt((at.X - place.X) * (at.X - place.X) + (at.Y - place.Y) * (at.Y - place.Y));
    }
}
