using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>Writes what a joint policy looks at, in the order of <see cref="JointSchema"/>.</summary>
/// <remarks>Everything is seen from where the next motion starts: the place the robot will have when the motors have answered. One thread; allocates nothing.</remarks>
internal sealed class JointObservation(GoToGoalPolicy rules, int[] arcs)
{
    private const float NoMover = 3;

    /// <summary>Fills an observation.</summary>
    /// <param name="into">As long as the schema has inputs.</param>
    /// <param name="grid">The loop's periods.</param>
    /// <param name="period">The one that led here.</param>
    /// <param name="votes">Votes for a longer one so far, 0 … 1.</param>
    public void Fill(Span<float> into, PeriodGrid grid, int period, float votes)
    {
        ref readonly var step = ref rules.Step;
        var local = rules.Local;
        float x = 0, y = 0;
        if (step.Driving) NearField.ToStart(step, step.TargetX, step.TargetY, out x, out y);
        float distance = MathF.Sqrt(x * x + y * y);
        int n = 0;
        into[n++] = distance > 0.01f ? x / distance : 1;
        into[n++] = distance > 0.01f ? y / distance : 0;
        into[n++] = distance;
        into[n++] = step.SpeedCap;
        Gaps(local, into.Slice(n, JointSchema.Sectors));
        n += JointSchema.Sectors;
        for (int a = JointSchema.FirstDrive; a < arcs.Length; a++) into[n++] = Math.Min(local.Free(arcs[a]), ArcTable.Reach);
        into[n++] = step.Velocity.Linear;
        into[n++] = step.Velocity.Angular;
        into[n++] = rules.LastCommand.Linear;
        into[n++] = rules.LastCommand.Angular;
        into[n++] = step.Motion.Linear;
        into[n++] = step.Motion.Angular;
        into[n++] = Math.Min(period, grid.Count - 1);
        into[n++] = votes;
        Movers(local, into[n..]);
    }

    private void Gaps(LocalPlanner local, Span<float> gaps)
    {
        gaps.Fill(float.PositiveInfinity);
        for (int i = 0; i < local.PointCount; i++)
        {
            float x = local.PointX[i], y = local.PointY[i], d = x * x + y * y;
            ref float gap = ref gaps[SectorOf(x, y)];
            if (d < gap) gap = d;
        }
        foreach (ref float gap in gaps) gap = Math.Clamp(MathF.Sqrt(gap) - rules.Options.RobotRadiusMetre, 0, JointSchema.Sight);
    }

    /// <summary>Returns the sector of 30° that a place lies in; sector 0 is centred ahead, the others follow counter-clockwise.</summary>
    internal static int SectorOf(float x, float y)
    {
        // By slopes instead of angles: tan 15°, tan 45°, tan 75° cut a quadrant.
        float ax = Math.Abs(x), ay = Math.Abs(y);
        int third = ay <= 0.26794919f * ax ? 0 : ay <= ax ? 1 : ay <= 3.7320508f * ax ? 2 : 3;
        int half = x >= 0 ? third : 6 - third;
        return y >= 0 || half is 0 or 6 ? half : 12 - half;
    }

    private static void Movers(LocalPlanner local, Span<float> into)
    {
        Span<int> nearest = stackalloc int[JointSchema.Movers];
        nearest.Fill(-1);
        for (int i = 0; i < local.MovingCount; i++)
        {
            int candidate = i;
            for (int k = 0; k < nearest.Length; k++)
            {
                if (nearest[k] < 0 || Far(local.Moving[candidate]) < Far(local.Moving[nearest[k]])) (nearest[k], candidate) = (candidate, nearest[k]);
                if (candidate < 0) break;
            }
        }
        for (int k = 0; k < nearest.Length; k++)
        {
            var mover = nearest[k] < 0 ? new MovingObject { X = NoMover } : local.Moving[nearest[k]];
            (into[4 * k], into[4 * k + 1], into[4 * k + 2], into[4 * k + 3]) = (mover.X, mover.Y, mover.VelocityX, mover.VelocityY);
        }
    }

    private static float Far(in MovingObject o) => o.X * o.X + o.Y * o.Y;
}
