using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>Picks the place on a planned path to steer for: the farthest one, within a lookahead, that can be reached in a straight line.</summary>
/// <remarks>Holds no state; allocates nothing.</remarks>
/// <param name="planner">The planner.</param>
/// <param name="cellMetre">Metres between cells of the path.</param>
/// <param name="bodyRadius">Metres from the robot's middle that must be free on the straight line.</param>
internal sealed class PathFollower(PathPlanner planner, float cellMetre, float bodyRadius)
{
    private const float LookMetre = 1.6f;
    private const double SampleMetre = 0.1;

    /// <summary>Returns the place to steer for.</summary>
    /// <param name="pose">The robot's pose.</param>
    /// <param name="goalX">The goal.</param>
    /// <param name="goalY">The goal.</param>
    public (double X, double Y) Target(in Pose2 pose, double goalX, double goalY)
    {
        if (!planner.HasPath) return (goalX, goalY);
        int nearest = Nearest(pose), look = (int)(LookMetre / cellMetre), last = planner.PathLength - 1;
        bool endsAtGoal = planner.PathLength < PathPlanner.MaxPath;
        if (endsAtGoal && nearest + look >= last && IsOpen(pose, goalX, goalY)) return (goalX, goalY);
        // The next two cells are always good enough: the path itself is no straight line.
        int least = Math.Min(nearest + 2, last);
        for (int i = Math.Min(nearest + look, last); i > least; i -= 2)
        {
            planner.PathPoint(i, out double x, out double y);
            if (IsOpen(pose, x, y)) return (x, y);
        }
        planner.PathPoint(least, out double nextX, out double nextY);
        return (nextX, nextY);
    }

    private int Nearest(in Pose2 pose)
    {
        // The path starts where the robot was when the plan was made, a few tenths of a second ago.
        int nearest = 0, end = Math.Min(planner.PathLength, 40);
        double best = double.PositiveInfinity;
        for (int i = 0; i < end; i++)
        {
            planner.PathPoint(i, out double x, out double y);
            double d = (x - pose.X) * (x - pose.X) + (y - pose.Y) * (y - pose.Y);
            if (d < best) (best, nearest) = (d, i);
        }
        return nearest;
    }

    private bool IsOpen(in Pose2 pose, double x, double y)
    {
        double dx = x - pose.X, dy = y - pose.Y, length = Math.Sqrt(dx * dx + dy * dy);
        // Where the robot already stands closer than that to something, that much must do.
        float need = Math.Min(bodyRadius, planner.ClearanceAt(pose.X, pose.Y) - 0.02f);
        int n = (int)Math.Min(length / SampleMetre, 100) + 1;
        for (int i = 1; i <= n; i++)
        {
            if (planner.ClearanceAt(pose.X + dx * i / n, pose.Y + dy * i / n) < need) return false;
        }
        return true;
    }
}
