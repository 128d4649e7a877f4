using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>Chooses the arc and the speed of the next moment among about 130 candidates: a dynamic-window planner.</summary>
/// <remarks>
/// After the dynamic window approach (Fox, Burgard and Thrun 1997), with three changes: all arcs start from the place the robot will have
/// when the motors have answered, so the lag of the motors is part of the plan; free lengths come from <see cref="ArcTable"/>; and moving
/// objects are checked in time, each with its own velocity, also against standing still, so that the robot yields or steps aside.
/// One thread; allocates nothing.
/// </remarks>
internal sealed class LocalPlanner
{
    /// <summary>The most obstacle points looked at.</summary>
    public const int MaxPoints = 384;

    private const float HorizonSecond = 1.0f, TurnHorizonSecond = 0.5f, MovingHorizonSecond = 2.1f, MovingStepSecond = 0.15f;
    private static readonly float[] SpeedShares = [1f, 0.6f, 0.3f];

    private readonly GoToGoalOptions _options;
    private readonly ArcTable _arcs;
    private readonly byte[] _hard = new byte[ArcTable.Lanes];
    private readonly byte[] _soft = new byte[ArcTable.Lanes];
    private readonly byte[] _hardBack = new byte[ArcTable.Lanes];
    private readonly byte[] _softBack = new byte[ArcTable.Lanes];
    private readonly float[] _mirrorX = new float[MaxPoints];
    private readonly float[] _known = new float[ArcTable.Arcs];
    private readonly float[] _cap = new float[ArcTable.Arcs];

    /// <summary>Makes a planner.</summary>
    public LocalPlanner(GoToGoalOptions options)
    {
        _options = options;
        _arcs = new ArcTable(options.RobotRadiusMetre + options.HardMarginMetre, options.RobotRadiusMetre + options.SoftMarginMetre);
        Array.Fill(_cap, float.PositiveInfinity);
    }

    /// <summary>Gets the arcs.</summary>
    public ArcTable Arcs => _arcs;

    /// <summary>Gets the x of the obstacle points, in the frame of the start of the arcs, [point]; fill before <see cref="Choose"/>.</summary>
    public float[] PointX { get; } = new float[MaxPoints];

    /// <summary>Gets the y of the obstacle points, [point].</summary>
    public float[] PointY { get; } = new float[MaxPoints];

    /// <summary>Gets or sets how many obstacle points there are.</summary>
    public int PointCount { get; set; }

    /// <summary>Gets the moving objects, in the frame of the start of the arcs, [object].</summary>
    public MovingObject[] Moving { get; } = new MovingObject[ObjectTracker.Capacity];

    /// <summary>Gets or sets how many moving objects there are.</summary>
    public int MovingCount { get; set; }

    /// <summary>Gets how many metres of each arc lead over ground that was seen lately, [arc]; fill before <see cref="Choose"/>.</summary>
    public Span<float> Known => _known;

    /// <summary>Gets the highest speed along each arc in metres per second, [arc]; fill before <see cref="Choose"/>.</summary>
    public Span<float> Cap => _cap;

    /// <summary>Gets whether a moving object would come close to the robot if it stayed where it is; as of the last <see cref="Choose"/>.</summary>
    public bool IsThreatened { get; private set; }

    /// <summary>Chooses the motion.</summary>
    /// <param name="targetX">The place to drive to, in the frame of the start of the arcs.</param>
    /// <param name="targetY">The place to drive to.</param>
    /// <param name="speedCap">Highest speed in metres per second.</param>
    /// <param name="turnCap">Highest turn rate on the spot in radians per second.</param>
    /// <param name="backMetre">How far the robot may drive backwards over ground that is known to be free; 0 = not at all.</param>
    /// <param name="last">The previous command.</param>
    public Motion Choose(float targetX, float targetY, float speedCap, float turnCap, float backMetre, in Twist2 last)
    {
        Measure();
        float distance = MathF.Sqrt(targetX * targetX + targetY * targetY);
        var best = new Motion(0, 0, Length(_hard[ArcTable.Arcs / 2]), float.PositiveInfinity, float.NegativeInfinity);
        for (int arc = 0; arc < ArcTable.Arcs; arc++) TryArc(arc, targetX, targetY, distance, speedCap, last, ref best);
        TryTurning(targetX, targetY, distance, turnCap, last, ref best);
        if (backMetre >= 0.12f) TryBacking(targetX, targetY, distance, speedCap, backMetre, last, ref best);
        return best;
    }

    /// <summary>Measures how far each arc is free; <see cref="Choose"/> does it too.</summary>
    public void Measure()
    {
        _hard.AsSpan().Fill(ArcTable.Free);
        _soft.AsSpan().Fill(ArcTable.Free);
        _arcs.Shorten(PointX.AsSpan(0, PointCount), PointY.AsSpan(0, PointCount), _hard, _soft);
    }

    /// <summary>Returns the arc whose curvature is nearest to one.</summary>
    /// <param name="curvature">1/m, to the left.</param>
    public int ArcOf(float curvature)
    {
        int arc = 0;
        for (int i = 1; i < ArcTable.Arcs; i++)
        {
            if (Math.Abs(_arcs.Curvature[i] - curvature) < Math.Abs(_arcs.Curvature[arc] - curvature)) arc = i;
        }
        return arc;
    }

    /// <summary>Returns how far an arc is free by the hard radius, in metres, +∞ = beyond the reach; as of the last <see cref="Measure"/>.</summary>
    public float Free(int arc) => Length(_hard[arc]);

    /// <summary>Returns the highest speed along an arc: from which the robot stops before anything, on ground that was seen; as of the last <see cref="Measure"/>.</summary>
    /// <param name="arc">The arc.</param>
    /// <param name="speedCap">The highest speed anywhere, metres per second.</param>
    public float SpeedLimit(int arc, float speedCap)
    {
        float hard = Length(_hard[arc]), soft = Length(_soft[arc]);
        float limit = Math.Min(speedCap, _options.MaxTurnRateRadianPerSecond / Math.Max(Math.Abs(_arcs.Curvature[arc]), 1e-3f));
        float brake = _options.DecelerationMetrePerSecondSquared;
        if (hard < ArcTable.Reach) limit = Math.Min(limit, (float)StoppingBound.Speed(hard - 0.02, brake, 0.08));
        if (soft < ArcTable.Reach) limit = Math.Min(limit, MathF.Sqrt(0.3f * 0.3f + 1.6f * soft));
        float blind = (float)StoppingBound.Speed(_known[arc], brake, 0.08);
        limit = Math.Min(limit, Math.Max(blind, Math.Min(_options.CreepSpeedMetrePerSecond, limit)));
        return Math.Min(limit, _cap[arc]);
    }

    /// <summary>Returns when the robot touches a moving object, in seconds, +∞ = not within the horizon.</summary>
    /// <param name="arc">The arc it drives along, as far as it is free.</param>
    /// <param name="speed">How fast; 0 = it stays.</param>
    public float ContactAlong(int arc, float speed) => ContactTime(arc, speed, 0, Math.Min(Length(_hard[arc]), _arcs.Useful(arc)), out _);

    private static float Length(byte centimetres) => centimetres >= ArcTable.Free ? float.PositiveInfinity : centimetres * 0.01f;

    private void TryArc(int arc, float targetX, float targetY, float distance, float speedCap, in Twist2 last, ref Motion best)
    {
        float hard = Length(_hard[arc]), soft = Length(_soft[arc]), curvature = _arcs.Curvature[arc], useful = _arcs.Useful(arc);
        float limit = SpeedLimit(arc, speedCap);
        float crowding = soft < ArcTable.Reach ? 1 - soft / ArcTable.Reach : 0;
        foreach (float share in SpeedShares)
        {
            float speed = limit * share;
            if (speed < 0.03f) break;
            // Not past the target: what is behind it belongs to the next target, and the speed cap already brakes for a goal.
            float length = Math.Min(Math.Min(speed * HorizonSecond, useful), Math.Min(hard, Math.Min(ArcTable.Reach, Math.Max(distance, 0.15f))));
            int at = arc * ArcTable.Points + (int)(length / ArcTable.Spacing + 0.5f);
            float toX = targetX - _arcs.X[at], toY = targetY - _arcs.Y[at], left = MathF.Sqrt(toX * toX + toY * toY);
            float facing = left > 0.02f ? (toX * _arcs.Cos[at] + toY * _arcs.Sin[at]) / left : 1;
            float turn = curvature * speed;
            float value = distance - left + 0.35f * facing + 0.1f * speed - 0.35f * crowding * crowding
                - Restlessness(speed, turn, last);
            // Later terms only take away, so a candidate that is already worse needs no look at moving objects.
            if (value <= best.Value) continue;
            float contact = ContactTime(arc, speed, 0, Math.Min(hard, useful), out float near);
            value -= Threat(contact, near);
            if (value > best.Value) best = new Motion(speed, turn, hard, contact, value);
        }
    }

    private void TryTurning(float targetX, float targetY, float distance, float turnCap, in Twist2 last, ref Motion best)
    {
        float error = distance > 0.02f ? (float)DeterministicMath.Atan2(targetY, targetX) : 0;
        float contact = ContactTime(ArcTable.Arcs / 2, 0, 0, 0, out float near), threat = Threat(contact, near);
        IsThreatened = threat > 0;
        float free = Length(_hard[ArcTable.Arcs / 2]);
        for (int side = -1; side <= 1; side++)
        {
            float rate = side * Math.Min(turnCap, Math.Max(2.5f * Math.Abs(error), 0.3f));
            float left = Math.Abs(error - rate * TurnHorizonSecond);
            float value = 0.35f * (float)DeterministicMath.Cos(left) - 0.15f - Restlessness(0, rate, last) - threat;
            if (value > best.Value) best = new Motion(0, rate, free, contact, value);
        }
    }

    private void TryBacking(float targetX, float targetY, float distance, float speedCap, float backMetre, in Twist2 last, ref Motion best)
    {
        // Driving backwards is driving forwards in a world mirrored about the robot's axle.
        _hardBack.AsSpan().Fill(ArcTable.Free);
        _softBack.AsSpan().Fill(ArcTable.Free);
        for (int i = 0; i < PointCount; i++) _mirrorX[i] = -PointX[i];
        _arcs.Shorten(_mirrorX.AsSpan(0, PointCount), PointY.AsSpan(0, PointCount), _hardBack, _softBack);
        // Away from a threat it may go fast; otherwise backing is a way out of corners and slow.
        float cap = MovingCount > 0 ? 0.8f * speedCap : Math.Min(0.3f, speedCap);
        for (int arc = 0; arc < ArcTable.Arcs; arc++)
        {
            float hard = Math.Min(Length(_hardBack[arc]), backMetre), curvature = _arcs.Curvature[arc];
            float limit = Math.Min(cap, _options.MaxTurnRateRadianPerSecond / Math.Max(Math.Abs(curvature), 1e-3f));
            limit = Math.Min(limit, (float)StoppingBound.Speed(hard - 0.03, _options.DecelerationMetrePerSecondSquared, 0.08));
            if (limit < 0.03f) continue;
            float length = Math.Min(Math.Min(limit * HorizonSecond, _arcs.Useful(arc)), hard);
            int at = arc * ArcTable.Points + (int)(length / ArcTable.Spacing + 0.5f);
            // Seen from the real world the heading turns the other way: its cosine stays, its sine changes sign.
            float toX = targetX + _arcs.X[at], toY = targetY - _arcs.Y[at], left = MathF.Sqrt(toX * toX + toY * toY);
            float facing = left > 0.02f ? (toX * _arcs.Cos[at] - toY * _arcs.Sin[at]) / left : 1;
            float value = distance - left + 0.35f * facing - 0.25f - Restlessness(-limit, -curvature * limit, last);
            if (value <= best.Value) continue;
            float contact = ContactTime(arc, -limit, 0, Math.Min(hard, _arcs.Useful(arc)), out float near);
            value -= Threat(contact, near);
            if (value > best.Value) best = new Motion(-limit, -curvature * limit, hard, contact, value);
        }
    }

    private float Restlessness(float speed, float turn, in Twist2 last) =>
        0.12f * Math.Abs(turn - last.Angular) / _options.MaxTurnRateRadianPerSecond + 0.05f * Math.Abs(speed - last.Linear);

    private static float Threat(float contact, float near)
    {
        float threat = 0;
        if (contact < MovingHorizonSecond) threat = 0.6f + 4f * (1 - contact / MovingHorizonSecond);
        if (near < 0.3f) threat += 0.8f * (1 - Math.Max(near, 0) / 0.3f);
        return threat;
    }

    private float ContactTime(int arc, float speed, float start, float stopLength, out float near)
    {
        near = float.PositiveInfinity;
        if (MovingCount == 0) return float.PositiveInfinity;
        float body = _options.RobotRadiusMetre + _options.HardMarginMetre;
        for (float t = start; t < MovingHorizonSecond; t += MovingStepSecond)
        {
            float length = Math.Min(Math.Abs(speed) * t, Math.Min(stopLength, ArcTable.Reach));
            int at = arc * ArcTable.Points + (int)(length / ArcTable.Spacing + 0.5f);
            float x = speed < 0 ? -_arcs.X[at] : _arcs.X[at], y = _arcs.Y[at];
            for (int i = 0; i < MovingCount; i++)
            {
                ref readonly var o = ref Moving[i];
                float dx = o.X + o.VelocityX * t - x, dy = o.Y + o.VelocityY * t - y;
                // The farther ahead, the less sure the object's place.
                float gap = MathF.Sqrt(dx * dx + dy * dy) - body - o.Radius - 0.06f * t;
                if (gap <= 0)
                {
                    near = 0;
                    return t;
                }
                near = Math.Min(near, gap);
            }
        }
        return float.PositiveInfinity;
    }
}
