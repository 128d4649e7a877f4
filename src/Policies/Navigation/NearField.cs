using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>What lies round the place from which the next motion starts: obstacle points, moving objects, and how much of it was seen.</summary>
/// <remarks>The start is where the robot will be when the motors have answered. One thread; allocates nothing.</remarks>
internal sealed class NearField(GoToGoalOptions options, Surroundings surroundings, LocalPlanner local, SensingPlanner sensing)
{
    // How wide round an arc and for how long nothing may be known about it before the robot slows down.
    private const float UnknownFan = 0.35f, UnknownSecond = 0.4f, UnknownSpeedShare = 0.8f;

    /// <summary>Fills the local planner with obstacle points, moving objects and what is known along its arcs, and the step with where the arcs start.</summary>
    public void Gather(ref DriveStep step)
    {
        // Arcs start where the robot will be when the motors have answered: the lag's share of the way is driven at the present velocity.
        double lead = options.MotorTimeConstantSecond + options.ActuationLatencySecond, turn = step.Velocity.Angular * lead;
        ArcTable.PointAt((float)(Math.Abs(step.Velocity.Linear) > 1e-3 ? step.Velocity.Angular / step.Velocity.Linear : 0),
            (float)(step.Velocity.Linear * lead), out float leadX, out float leadY);
        double cos = DeterministicMath.Cos(step.Pose.Heading), sin = DeterministicMath.Sin(step.Pose.Heading);
        step.StartX = step.Pose.X + cos * leadX - sin * leadY;
        step.StartY = step.Pose.Y + sin * leadX + cos * leadY;
        step.Cos = DeterministicMath.Cos(step.Pose.Heading + turn);
        step.Sin = DeterministicMath.Sin(step.Pose.Heading + turn);
        step.LeadMetre = Math.Abs(step.Velocity.Linear) * (float)lead;
        Span<float> px = local.PointX, py = local.PointY;
        int n = 0;
        float nearest = float.PositiveInfinity;
        ReadOnlySpan<float> hx = surroundings.HitX, hy = surroundings.HitY;
        for (int i = 0; i < hx.Length; i++)
        {
            ToStart(step, hx[i], hy[i], out float x, out float y);
            if (Math.Abs(x) > 2.6f || Math.Abs(y) > 2.6f) continue;
            (px[n], py[n]) = (x, y);
            n++;
        }
        n += surroundings.Map.CopyNear(step.StartX, step.StartY, step.Cos, step.Sin, 2.3f, step.NowMs, px[n..], py[n..]);
        for (int i = 0; i < n; i++)
        {
            float d = px[i] * px[i] + py[i] * py[i];
            if (d < nearest) (nearest, step.NearX, step.NearY) = (d, px[i], py[i]);
        }
        step.NearMetre = MathF.Sqrt(nearest) - options.RobotRadiusMetre;
        local.PointCount = n;
        GatherMoving(step);
        GatherKnown(step);
    }

    private void GatherMoving(in DriveStep step)
    {
        int n = 0;
        foreach (ref readonly var o in surroundings.Tracker.Objects)
        {
            if (o.Sightings == 0) continue;
            ToStart(step, o.X, o.Y, out float x, out float y);
            float distance = MathF.Sqrt(x * x + y * y);
            if (distance > 4) continue;
            // What stands free may move: it is watched, closely enough to see its edges and what is beside it.
            if (distance < 3) Watch(step, o, distance);
            if (!o.IsMoving) continue;
            // The start of the arcs lies one lag ahead in time, so the object is moved on by as much.
            float lead = options.MotorTimeConstantSecond + options.ActuationLatencySecond;
            float vx = (float)(step.Cos * o.VelocityX + step.Sin * o.VelocityY), vy = (float)(step.Cos * o.VelocityY - step.Sin * o.VelocityX);
            local.Moving[n++] = o with { X = x + vx * lead, Y = y + vy * lead, VelocityX = vx, VelocityY = vy };
        }
        local.MovingCount = n;
    }

    private void Watch(in DriveStep step, in MovingObject o, float distance)
    {
        double bearing = DeterministicMath.Atan2(o.Y - step.Pose.Y, o.X - step.Pose.X) - step.Pose.Heading;
        sensing.Watch(bearing, (int)(60 * o.Radius / Math.Max(distance, 0.2f)) + 8);
    }

    private void GatherKnown(in DriveStep step)
    {
        var map = surroundings.Map;
        var arcs = local.Arcs;
        bool hasScan = surroundings.HasScan(step.NowMs);
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
            local.Known[arc] = known;
            // Who comes along a constant bearing makes few events and no estimate: where nothing is known for a while, the robot goes so
            // slowly that he stops for it, and then a thing that stands is seen.
            bool isKnown = hasScan || surroundings.IsKnown(local.Arcs.Bearing[arc], UnknownFan, UnknownSecond);
            local.Cap[arc] = isKnown ? float.PositiveInfinity : UnknownSpeedShare * options.CreepSpeedMetrePerSecond;
        }
    }

    /// <summary>Returns how far the robot may drive backwards over ground that was seen lately and is free, in metres; after <see cref="Gather"/>.</summary>
    public float KnownBehind(in DriveStep step)
    {
        var map = surroundings.Map;
        float body = options.RobotRadiusMetre + options.HardMarginMetre, free = 0.6f;
        for (float back = 0; back <= 0.6f; back += 0.1f)
        {
            float at = -body - back;
            int cell = map.IndexAt(step.StartX + step.Cos * at, step.StartY + step.Sin * at);
            if (cell >= 0 && map.UnseenMs(cell, step.NowMs) < 1500) continue;
            free = back - 0.1f;
            break;
        }
        for (int i = 0; i < local.PointCount; i++)
        {
            float x = -local.PointX[i], y = Math.Abs(local.PointY[i]);
            if (x > -0.05f && y < body) free = Math.Min(free, x - MathF.Sqrt(body * body - y * y));
        }
        return Math.Max(free, 0);
    }

    /// <summary>Returns a place of the odometry frame in the frame of the start of the arcs.</summary>
    public static void ToStart(in DriveStep step, double x, double y, out float outX, out float outY)
    {
        double dx = x - step.StartX, dy = y - step.StartY;
        outX = (float)(step.Cos * dx + step.Sin * dy);
        outY = (float)(step.Cos * dy - step.Sin * dx);
    }
}
