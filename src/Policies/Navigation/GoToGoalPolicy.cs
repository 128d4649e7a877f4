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
    private const float UnknownFan = 0.35f, UnknownSecond = 0.4f, UnknownSpeedShare = 0.8f, KeepMetre = 0.4f;

    private readonly GoToGoalOptions _options;
    private readonly DeadReckoning _reckoning;
    private readonly GoalPursuit _pursuit;
    private readonly Surroundings _surroundings;
    private readonly PathPlanner _planner;
    private readonly PathFollower _follower;
    private readonly LocalPlanner _local;
    private readonly SensingPlanner _sensing;
    private GoToGoalState _s;

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
        _s = GoToGoalState.Start;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the options.</summary>
    public GoToGoalOptions Options => _options;

    internal Surroundings Surroundings => _surroundings;

    internal Pose2 Reckoned => _reckoning.Pose;

    internal LocalPlanner Local => _local;

    /// <inheritdoc/>
    /// <remarks>Failed(NotFinite) with the resting action when the odometry is NaN, infinite or beyond 1000 km; Degraded, resting, when the
    /// goal is. Without a goal, or at the goal, the robot rests, unless something is about to run into it.</remarks>
    public StageStatus Decide(in Percept percept, ref Decision<Twist2> decision, in CycleContext context)
    {
        decision.Action = Twist2.Rest;
        var (pose, velocity) = (percept.Odometry.Pose, percept.Odometry.Velocity);
        if (!IsPlace(pose.X, pose.Y) || !double.IsFinite(pose.Heading) || !float.IsFinite(velocity.Linear) || !float.IsFinite(velocity.Angular))
            return StageStatus.Failed(FailureCode.NotFinite);
        int nowMs = Advance(context, percept);
        (pose, velocity) = (_reckoning.Pose, _reckoning.Velocity);
        _surroundings.Update(percept, pose, velocity, _sensing, context.Dt.Seconds, nowMs);

        bool goalIsPlace = IsPlace(percept.Goal.X, percept.Goal.Y) && percept.Goal.Radius >= 0;
        bool driving = percept.Goal.Id != 0 && goalIsPlace;
        var step = new Step(percept, pose, velocity, context, nowMs) { Driving = driving };
        if (driving)
        {
            PlanWay(ref step);
        }
        else
        {
            _pursuit.Drop(pose);
            _planner.Reset();
        }
        Move(ref step);
        Report(step, ref decision);
        _s.LastLinear = step.Motion.Linear;
        _s.LastAngular = step.Motion.Angular;
        decision.Action = new Twist2(step.Motion.Linear, step.Motion.Angular);
        return percept.Goal.Id == 0 || goalIsPlace ? StageStatus.Ok : StageStatus.Degraded;
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

    private void PlanWay(ref Step step)
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

    private void Unstick(ref Step step)
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

    private void Move(ref Step step)
    {
        GatherObstacles(ref step);
        bool hasScan = _surroundings.HasScan(step.NowMs);
        float cap = hasScan ? _options.MaxSpeedMetrePerSecond : _options.EventsOnlySpeedMetrePerSecond;
        float turnCap = hasScan ? _options.MaxTurnRateRadianPerSecond : Math.Min(_options.MaxTurnRateRadianPerSecond, 1.5f);
        if (step.Context.Rung >= Rung.Degraded) cap *= 0.5f;
        bool resting = step.NowMs < _options.StartRestSecond * 1000 && _options.UseGyro;
        if (!step.Driving || resting)
        {
            Hold(ref step);
            return;
        }
        double slow = 0.5 * _options.DecelerationMetrePerSecondSquared;
        double goalX = _pursuit.X - step.Pose.X, goalY = _pursuit.Y - step.Pose.Y;
        cap = (float)Math.Min(cap, Math.Sqrt(2 * slow * Math.Sqrt(goalX * goalX + goalY * goalY)) + 0.1);
        ToStart(step, step.TargetX, step.TargetY, out float tx, out float ty);
        step.Motion = _local.Choose(tx, ty, cap, turnCap, KnownBehind(step), new Twist2(_s.LastLinear, _s.LastAngular));
        // Looking round must wait while something is coming.
        if (step.NowMs >= _s.RecoverUntilMs || float.IsFinite(step.Motion.ContactSecond) || _local.IsThreatened) return;
        step.Recovering = true;
        step.Motion = step.Motion with { Linear = 0, Angular = _s.RecoverSide * Math.Min(turnCap, 1.5f), FreeMetre = float.PositiveInfinity };
    }

    private void Hold(ref Step step)
    {
        step.Motion = default(Motion) with { FreeMetre = float.PositiveInfinity, ContactSecond = float.PositiveInfinity };
        if (_local.MovingCount == 0) return;
        // Resting is best unless something comes: the target is the present place, so only a threat makes another motion better.
        var motion = _local.Choose(0, 0, 0.5f * _options.MaxSpeedMetrePerSecond, 0, KnownBehind(step), Twist2.Rest);
        if (motion.Linear != 0) step.Motion = motion;
    }

    private void GatherObstacles(ref Step step)
    {
        // Arcs start where the robot will be when the motors have answered: the lag's share of the way is driven at the present velocity.
        double lead = _options.MotorTimeConstantSecond + _options.ActuationLatencySecond, turn = step.Velocity.Angular * lead;
        ArcTable.PointAt((float)(Math.Abs(step.Velocity.Linear) > 1e-3 ? step.Velocity.Angular / step.Velocity.Linear : 0),
            (float)(step.Velocity.Linear * lead), out float leadX, out float leadY);
        double cos = DeterministicMath.Cos(step.Pose.Heading), sin = DeterministicMath.Sin(step.Pose.Heading);
        step.StartX = step.Pose.X + cos * leadX - sin * leadY;
        step.StartY = step.Pose.Y + sin * leadX + cos * leadY;
        step.Cos = DeterministicMath.Cos(step.Pose.Heading + turn);
        step.Sin = DeterministicMath.Sin(step.Pose.Heading + turn);
        step.LeadMetre = Math.Abs(step.Velocity.Linear) * (float)lead;
        Span<float> px = _local.PointX, py = _local.PointY;
        int n = 0;
        float nearest = float.PositiveInfinity;
        ReadOnlySpan<float> hx = _surroundings.HitX, hy = _surroundings.HitY;
        for (int i = 0; i < hx.Length; i++)
        {
            ToStart(step, hx[i], hy[i], out float x, out float y);
            if (Math.Abs(x) > 2.6f || Math.Abs(y) > 2.6f) continue;
            (px[n], py[n]) = (x, y);
            n++;
        }
        n += _surroundings.Map.CopyNear(step.StartX, step.StartY, step.Cos, step.Sin, 2.3f, step.NowMs, px[n..], py[n..]);
        for (int i = 0; i < n; i++)
        {
            float d = px[i] * px[i] + py[i] * py[i];
            if (d < nearest) (nearest, step.NearX, step.NearY) = (d, px[i], py[i]);
        }
        step.NearMetre = MathF.Sqrt(nearest) - _options.RobotRadiusMetre;
        _local.PointCount = n;
        GatherMoving(step);
        GatherKnown(step);
    }

    private void GatherMoving(in Step step)
    {
        int n = 0;
        foreach (ref readonly var o in _surroundings.Tracker.Objects)
        {
            if (o.Sightings == 0) continue;
            ToStart(step, o.X, o.Y, out float x, out float y);
            float distance = MathF.Sqrt(x * x + y * y);
            if (distance > 4) continue;
            // What stands free may move: it is watched, closely enough to see its edges and what is beside it.
            if (distance < 3) Watch(step, o, distance);
            if (!o.IsMoving) continue;
            // The start of the arcs lies one lag ahead in time, so the object is moved on by as much.
            float lead = _options.MotorTimeConstantSecond + _options.ActuationLatencySecond;
            float vx = (float)(step.Cos * o.VelocityX + step.Sin * o.VelocityY), vy = (float)(step.Cos * o.VelocityY - step.Sin * o.VelocityX);
            _local.Moving[n++] = o with { X = x + vx * lead, Y = y + vy * lead, VelocityX = vx, VelocityY = vy };
        }
        _local.MovingCount = n;
    }

    private void Watch(in Step step, in MovingObject o, float distance)
    {
        double bearing = DeterministicMath.Atan2(o.Y - step.Pose.Y, o.X - step.Pose.X) - step.Pose.Heading;
        _sensing.Watch(bearing, (int)(60 * o.Radius / Math.Max(distance, 0.2f)) + 8);
    }

    private void GatherKnown(in Step step)
    {
        var map = _surroundings.Map;
        var arcs = _local.Arcs;
        bool hasScan = _surroundings.HasScan(step.NowMs);
        for (int arc = 0; arc < ArcTable.Arcs; arc++)
        {
            float known = ArcTable.Reach;
            for (int i = 6; i < ArcTable.Points; i += 6)
            {
                float x = arcs.X[arc * ArcTable.Points + i], y = arcs.Y[arc * ArcTable.Points + i];
                int cell = map.IndexAt(step.StartX + step.Cos * x - step.Sin * y, step.StartY + step.Sin * x + step.Cos * y);
                if (cell >= 0 && map.UnseenMs(cell, step.NowMs) < 1500) continue;
                known = Math.Max((i - 6) * ArcTable.Spacing, 0);
                break;
            }
            _local.Known[arc] = known;
            // Who comes along a constant bearing makes few events and no estimate: where nothing is known for a while, the robot goes so
            // slowly that he stops for it, and then a thing that stands is seen.
            bool isKnown = hasScan || _surroundings.IsKnown(_local.Arcs.Bearing[arc], UnknownFan, UnknownSecond);
            _local.Cap[arc] = isKnown ? float.PositiveInfinity : UnknownSpeedShare * _options.CreepSpeedMetrePerSecond;
        }
    }

    private float KnownBehind(in Step step)
    {
        var map = _surroundings.Map;
        float body = _options.RobotRadiusMetre + _options.HardMarginMetre, free = 0.6f;
        for (float back = 0; back <= 0.6f; back += 0.1f)
        {
            float at = -body - back;
            int cell = map.IndexAt(step.StartX + step.Cos * at, step.StartY + step.Sin * at);
            if (cell >= 0 && map.UnseenMs(cell, step.NowMs) < 1500) continue;
            free = back - 0.1f;
            break;
        }
        for (int i = 0; i < _local.PointCount; i++)
        {
            float x = -_local.PointX[i], y = Math.Abs(_local.PointY[i]);
            if (x > -0.05f && y < body) free = Math.Min(free, x - MathF.Sqrt(body * body - y * y));
        }
        return Math.Max(free, 0);
    }

    private static void ToStart(in Step step, double x, double y, out float outX, out float outY)
    {
        double dx = x - step.StartX, dy = y - step.StartY;
        outX = (float)(step.Cos * dx + step.Sin * dy);
        outY = (float)(step.Cos * dy - step.Sin * dx);
    }

    private void Report(in Step step, ref Decision<Twist2> decision)
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

    private double EstimateStepError(in Step step)
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

    private ref struct Step(Percept percept, Pose2 pose, Twist2 velocity, in CycleContext context, int nowMs)
    {
        public readonly Percept Percept = percept;
        public readonly Pose2 Pose = pose;
        public readonly Twist2 Velocity = velocity;
        public readonly CycleContext Context = context;
        public readonly int NowMs = nowMs;
        public bool Driving, Recovering;
        public double TargetX, TargetY, StartX, StartY, Cos, Sin;
        public float LeadMetre, NearMetre, NearX, NearY;
        public Motion Motion;
    }
}
