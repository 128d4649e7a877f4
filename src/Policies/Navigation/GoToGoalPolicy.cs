using System.Buffers;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>Drives a differential-drive robot to the goal, round walls, pillars, people and other robots, by ranges and events or by events alone.</summary>
/// <remarks>
/// One decision: locate → remember what was sensed → plan a piece of the way → choose an arc and a speed → say when and where to look again.
/// <list type="bullet">
/// <item>Memory: <c>ObstacleMap</c>, a grid in the odometry frame; <c>ObjectTracker</c> for what moves.</item>
/// <item>Way: <c>PathPlanner</c>, A* over the memory, spread over cycles.</item>
/// <item>Motion: <c>LocalPlanner</c>, a dynamic window of arcs that knows the motors' lag and the velocities of moving objects.</item>
/// <item>Recovery: a robot that does not get anywhere forgets old obstacles, looks round on the spot, and tries again.</item>
/// <item>An event camera at rest sees nothing: without a scan the robot creeps into what it has not seen, and looks round by turning slowly.</item>
/// </list>
/// Thread: the loop thread. Allocates nothing per call; the work per call is bounded (see <see cref="GoToGoalOptions.PlanUnitsPerMillisecond"/>).
/// Deterministic: the same percepts, contexts and start state give the same decisions bit for bit.
/// </remarks>
public sealed class GoToGoalPolicy : IPolicy<Percept, Twist2>, IFreezable, IPayload
{
    private const int StuckMs = 2500, RecoverMs = 1600;
    private const double ContactPerPeriod = 20;
    private const float KeepMetre = 0.4f;

    private readonly GoToGoalOptions _options;
    private readonly DeadReckoning _reckoning;
    private readonly GoalPursuit _pursuit;
    private readonly Surroundings _surroundings;
    private readonly PathPlanner _planner;
    private readonly PathFollower _follower;
    private readonly LocalPlanner _local;
    private readonly SensingPlanner _sensing;
    private readonly NearField _near;
    private GoToGoalState _s;
    private DriveStep _step;

    /// <summary>Makes a policy.</summary>
    /// <param name="options">Body, limits and habits; null = the defaults.</param>
    /// <param name="name">The stage's name.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every error.</exception>
    public GoToGoalPolicy(GoToGoalOptions? options = null, string name = "go-to-goal")
    {
        _options = options ?? new GoToGoalOptions();
        var errors = _options.Validate();
        if (errors.Count > 0) throw new ArgumentException(string.Join(" ", errors), nameof(options));
        Name = name;
        float body = _options.RobotRadiusMetre;
        _reckoning = new DeadReckoning(_options.UseGyro);
        _pursuit = new GoalPursuit(_options.LearnsFromArrivals);
        _surroundings = new Surroundings(_options);
        _planner = new PathPlanner(_surroundings.Map, body + _options.HardMarginMetre + 0.03f, body + 0.45f);
        _follower = new PathFollower(_planner, _options.CellMetre, body + _options.HardMarginMetre + 0.03f);
        _local = new LocalPlanner(_options);
        _sensing = new SensingPlanner(_options);
        _near = new NearField(_options, _surroundings, _local, _sensing);
        _s = GoToGoalState.Start;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the options.</summary>
    public GoToGoalOptions Options => _options;

    internal Surroundings Surroundings => _surroundings;

    internal Pose2 Reckoned => _reckoning.Pose;

    internal LocalPlanner Local => _local;

    internal ref readonly DriveStep Step => ref _step;

    /// <summary>Gets or sets a speed that is not exceeded, below the one of the options; +∞ = none. No state: set it once.</summary>
    internal float SpeedCap { get; set; } = float.PositiveInfinity;

    internal Twist2 LastCommand => new(_s.LastLinear, _s.LastAngular);

    /// <inheritdoc/>
    /// <remarks>Failed(NotFinite) with the resting action when the odometry is NaN, infinite or beyond 1000 km; Degraded, resting, when the
    /// goal is. Without a goal, or at the goal, the robot rests, unless something is about to run into it.</remarks>
    public StageStatus Decide(in Percept percept, ref Decision<Twist2> decision, in CycleContext context)
    {
        decision.Action = Twist2.Rest;
        if (!Look(percept, context)) return StageStatus.Failed(FailureCode.NotFinite);
        ChooseMotion();
        return Settle(ref decision);
    }

    /// <summary>First part of a decision: locates, remembers, plans the way, and gathers what the next motion must mind.</summary>
    /// <returns>False when the odometry is no place; nothing has changed then.</returns>
    internal bool Look(in Percept percept, in CycleContext context)
    {
        var (pose, velocity) = (percept.Odometry.Pose, percept.Odometry.Velocity);
        if (!IsPlace(pose.X, pose.Y) || !double.IsFinite(pose.Heading) || !float.IsFinite(velocity.Linear) || !float.IsFinite(velocity.Angular)) return false;
        int nowMs = Advance(context, percept);
        (pose, velocity) = (_reckoning.Pose, _reckoning.Velocity);
        _surroundings.Update(percept, pose, velocity, _sensing, context.Dt.Seconds, nowMs);
        _step = new DriveStep { Percept = percept, Pose = pose, Velocity = velocity, Context = context, NowMs = nowMs, Driving = percept.Goal.Id != 0 && IsGoal(percept.Goal) };
        if (_step.Driving)
        {
            PlanWay(ref _step);
        }
        else
        {
            _pursuit.Drop(pose);
            _planner.Reset();
        }
        _near.Gather(ref _step);
        Limit(ref _step);
        return true;
    }

    /// <summary>Second part: chooses the motion by rules.</summary>
    internal void ChooseMotion() => Move(ref _step);

    /// <summary>Second part, the other way: takes a motion that something else chose.</summary>
    internal void TakeMotion(in Motion motion) => _step.Motion = motion;

    /// <summary>Last part: says what was chosen, for how long it can be answered for, and what to sense next.</summary>
    internal StageStatus Settle(ref Decision<Twist2> decision)
    {
        Report(_step, ref decision);
        _s.LastLinear = _step.Motion.Linear;
        _s.LastAngular = _step.Motion.Angular;
        decision.Action = new Twist2(_step.Motion.Linear, _step.Motion.Angular);
        return _step.Percept.Goal.Id == 0 || IsGoal(_step.Percept.Goal) ? StageStatus.Ok : StageStatus.Degraded;
    }

    /// <inheritdoc/>
    public void Freeze(IBufferWriter<byte> writer)
    {
        var state = new StateWriter(writer);
        state.Write(_s);
        _reckoning.Freeze(state);
        _pursuit.Freeze(state);
        _sensing.Freeze(state);
        _surroundings.Freeze(state);
        _planner.Freeze(state);
    }

    /// <inheritdoc/>
    public void Thaw(ReadOnlySpan<byte> state)
    {
        var reader = new StateReader(state, $"Policy '{Name}'");
        _s = reader.Read<GoToGoalState>();
        reader.Require(_s.IsSound, "a last command");
        _reckoning.Thaw(ref reader);
        _pursuit.Thaw(ref reader);
        _sensing.Thaw(ref reader);
        _surroundings.Thaw(ref reader);
        _planner.Thaw(ref reader);
        reader.End();
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        _s.AddTo(ref hasher);
        _reckoning.AddTo(ref hasher);
        _pursuit.AddTo(ref hasher);
        _sensing.AddTo(ref hasher);
        _surroundings.AddTo(ref hasher);
        _planner.AddTo(ref hasher);
    }

    private static bool IsGoal(in Goal goal) => IsPlace(goal.X, goal.Y) && goal.Radius >= 0;

    private static bool IsPlace(double x, double y) => Math.Abs(x) < 1e6 && Math.Abs(y) < 1e6;

    private int Advance(in CycleContext context, Percept percept)
    {
        // Milliseconds since the first decision fit an int for 24 days; before that is over, memory is dropped and counting starts anew.
        bool fresh = _s.Started == 0 || context.Now.Nanoseconds - _s.StartNs is < 0 or > 1_000_000_000_000_000;
        if (fresh)
        {
            _s = GoToGoalState.Start;
            (_s.Started, _s.StartNs) = (1, context.Now.Nanoseconds);
            _reckoning.Restart();
            _pursuit.Forget();
        }
        // After a jump of the pose (reset, relocalisation) every remembered place is wrong.
        if (!_reckoning.Update(percept.Odometry, percept.AngularVelocity, context.Dt.Seconds))
        {
            _surroundings.Clear();
            _planner.Reset();
            (_s.StillX, _s.StillY) = (_reckoning.Pose.X, _reckoning.Pose.Y);
        }
        if (_surroundings.Map.Follow(_reckoning.Pose.X, _reckoning.Pose.Y)) _planner.Restart();
        _sensing.Advance((float)context.Dt.Seconds);
        return (int)((context.Now.Nanoseconds - _s.StartNs) / 1_000_000);
    }

    private void PlanWay(ref DriveStep step)
    {
        if (_pursuit.Take(step.Percept.Goal, step.Pose))
        {
            (_s.StillMs, _s.StillX, _s.StillY, _s.RecoverUntilMs) = (step.NowMs, step.Pose.X, step.Pose.Y, int.MinValue / 2);
            _planner.Reset();
            _planner.ForgetAvoided();
        }
        step.Driving = _pursuit.Pursue(step.Pose, step.NowMs);
        if (!step.Driving) return;
        double ms = Math.Clamp(step.Context.Dt.Milliseconds, 1, 8);
        _planner.Work((int)(ms * _options.PlanUnitsPerMillisecond), step.Pose.X, step.Pose.Y, _pursuit.X, _pursuit.Y, step.NowMs);
        (step.TargetX, step.TargetY) = _follower.Target(step.Pose, _pursuit.X, _pursuit.Y);
        Unstick(ref step);
    }

    private void Unstick(ref DriveStep step)
    {
        double moved = Math.Max(Math.Abs(step.Pose.X - _s.StillX), Math.Abs(step.Pose.Y - _s.StillY));
        if (moved > 0.2) (_s.StillMs, _s.StillX, _s.StillY) = (step.NowMs, step.Pose.X, step.Pose.Y);
        if (step.NowMs - _s.StillMs < StuckMs) return;
        _s.StillMs = step.NowMs;
        _s.RecoverUntilMs = step.NowMs + RecoverMs;
        _s.RecoverSide = -_s.RecoverSide;
        // Turning on the spot shows no ranges to an event camera, so what stands right beside the robot must not be forgotten.
        if (_surroundings.HasScan(step.NowMs)) _surroundings.Map.ForgetObstacles();
        else _surroundings.Map.ForgetFar(step.Pose.X, step.Pose.Y, KeepMetre);
        if (!_planner.HasPath) return;
        // The way was there on the map but not for the robot: later plans keep from the place just ahead of it.
        _planner.PathPoint(Math.Min((int)((_options.RobotRadiusMetre + 0.3f) / _options.CellMetre), _planner.PathLength - 1), out double x, out double y);
        if (Math.Abs(x - _pursuit.X) + Math.Abs(y - _pursuit.Y) > 0.5) _planner.Avoid(x, y, step.NowMs + 15000);
    }

    private void Limit(ref DriveStep step)
    {
        step.HasScan = _surroundings.HasScan(step.NowMs);
        float cap = step.HasScan ? _options.MaxSpeedMetrePerSecond : _options.EventsOnlySpeedMetrePerSecond;
        step.TurnCap = step.HasScan ? _options.MaxTurnRateRadianPerSecond : Math.Min(_options.MaxTurnRateRadianPerSecond, 1.5f);
        if (step.Context.Rung >= Rung.Degraded) cap *= 0.5f;
        step.Resting = step.NowMs < _options.StartRestSecond * 1000 && _options.UseGyro;
        if (step.Driving)
        {
            double slow = 0.5 * _options.DecelerationMetrePerSecondSquared, goalX = _pursuit.X - step.Pose.X, goalY = _pursuit.Y - step.Pose.Y;
            cap = (float)Math.Min(cap, Math.Sqrt(2 * slow * Math.Sqrt(goalX * goalX + goalY * goalY)) + 0.1);
        }
        step.SpeedCap = Math.Min(cap, SpeedCap);
        step.Recovering = step.NowMs < _s.RecoverUntilMs;
    }

    private void Move(ref DriveStep step)
    {
        bool recovering = step.Recovering;
        step.Recovering = false;
        if (!step.Driving || step.Resting)
        {
            Hold(ref step);
            return;
        }
        NearField.ToStart(step, step.TargetX, step.TargetY, out float tx, out float ty);
        step.Motion = _local.Choose(tx, ty, step.SpeedCap, step.TurnCap, _near.KnownBehind(step), LastCommand);
        // Looking round must wait while something is coming.
        if (!recovering || float.IsFinite(step.Motion.ContactSecond) || _local.IsThreatened) return;
        step.Recovering = true;
        step.Motion = step.Motion with { Linear = 0, Angular = _s.RecoverSide * Math.Min(step.TurnCap, 1.5f), FreeMetre = float.PositiveInfinity };
    }

    private void Hold(ref DriveStep step)
    {
        step.Motion = default(Motion) with { FreeMetre = float.PositiveInfinity, ContactSecond = float.PositiveInfinity };
        if (_local.MovingCount == 0) return;
        // Resting is best unless something comes: the target is the present place, so only a threat makes another motion better.
        var motion = _local.Choose(0, 0, 0.5f * _options.MaxSpeedMetrePerSecond, 0, _near.KnownBehind(step), Twist2.Rest);
        if (motion.Linear != 0) step.Motion = motion;
    }

    private void Report(in DriveStep step, ref Decision<Twist2> decision)
    {
        float speed = Math.Max(Math.Abs(step.Velocity.Linear), Math.Abs(step.Motion.Linear));
        float free = step.Motion.FreeMetre + step.LeadMetre;
        float contact = speed > StoppingBound.RestSpeed ? Math.Min(free / speed, step.Motion.ContactSecond) : step.Motion.ContactSecond;
        decision.TimeToContact = contact;
        var limit = StoppingBound.PeriodLimit(free, speed, _options.DecelerationMetrePerSecondSquared, Duration.FromSeconds(_options.ActuationLatencySecond));
        if (float.IsFinite(contact)) limit = Duration.Min(limit, Duration.FromSeconds(Math.Max(contact, 0) / ContactPerPeriod));
        decision.PeriodLimit = limit;
        decision.StepError = (float)EstimateStepError(step);

        float danger = Math.Max(Math.Clamp((2f - contact) / 1.5f, 0, 1), Math.Clamp((0.35f - step.NearMetre) / 0.3f, 0, 1));
        var reason = step.Recovering ? RequestReason.Uncertain
            : step.Context.Rung >= Rung.Strained ? RequestReason.Recover
            : danger > 0.25f ? RequestReason.Danger
            : RequestReason.Clear;
        double target = step.Driving ? DeterministicMath.Atan2(step.TargetY - step.Pose.Y, step.TargetX - step.Pose.X) - step.Pose.Heading : 0;
        double travel = step.Motion.Linear < 0 ? Math.PI : step.Motion.Angular * 0.2;
        decision.Request = _sensing.Plan(reason, danger > 0.25f ? danger : 0, travel, target, step.Context.CycleId);
    }

    private double EstimateStepError(in DriveStep step)
    {
        double dt = step.Context.Dt.Seconds;
        if (dt <= 0) return double.NaN;
        // The command's rates of change are smoothed over 50 ms, because commands come from a finite set of arcs.
        double keep = DeterministicMath.Exp(-dt / 0.05);
        _s.Acceleration = (float)(keep * _s.Acceleration + (1 - keep) * (step.Motion.Linear - _s.LastLinear) / dt);
        _s.TurnAcceleration = (float)(keep * _s.TurnAcceleration + (1 - keep) * (step.Motion.Angular - _s.LastAngular) / dt);
        double vx = 0, vy = 0, lever = 1;
        if (float.IsFinite(step.NearMetre))
        {
            vx = -step.Velocity.Linear + step.Velocity.Angular * step.NearY;
            vy = -step.Velocity.Angular * step.NearX;
            lever = Math.Min(step.NearMetre + _options.RobotRadiusMetre, 1);
        }
        // Close to something, less error is tolerable.
        double tolerance = _options.StepToleranceMetre * Math.Clamp(step.NearMetre / 0.5, 0.2, 1);
        return ControlStepError.Estimate(dt, step.Velocity.Angular, Math.Sqrt(vx * vx + vy * vy), _s.Acceleration, _s.TurnAcceleration, lever, tolerance);
    }
}
