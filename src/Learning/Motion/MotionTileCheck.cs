using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Learning;

/// <summary>Judges a kernel as the robot uses it: the event-driven estimator on movies it has not seen, tile by tile.</summary>
internal static class MotionTileCheck
{
    private const float Least = 30; // events that a tile must have to be judged

    /// <summary>Returns the share of tiles whose direction is within an angle of the truth: the mean over movies, with its interval over them.</summary>
    /// <remarks>Tiles are judged while the motion has lasted for the kernel's depth and longer.</remarks>
    /// <param name="kernel">The kernel.</param>
    /// <param name="task">The movies.</param>
    /// <param name="movies">How many.</param>
    /// <param name="seed">Their seed.</param>
    /// <param name="degrees">The angle.</param>
    internal static Interval Within(MotionKernel kernel, MotionTask task, int movies, ulong seed, double degrees)
    {
        var random = RandomStream.For(seed, "motion.tiles");
        var shares = new List<double>();
        var packet = new EventPacket(2 * task.Size * task.Size);
        for (int m = 0; m < movies; m++)
        {
            var movie = MotionMovie.Create(task, RandomStream.For(random.NextUInt64(), "movie"));
            var estimator = new MotionEstimator(task.Size, task.Size, kernel);
            int judged = 0, right = 0;
            for (int t = 0; t < task.Steps; t++)
            {
                Fill(packet, movie, t, estimator.StepUs);
                estimator.Update(packet, Duration.Zero);
                if (t - movie.BlockStart[t] < task.Shape.Depth) continue;
                foreach (ref readonly var tile in estimator.Tiles)
                {
                    if (!tile.IsKnown || tile.Events < Least) continue;
                    judged++;
                    if (Math.Abs(DeterministicMath.WrapAngle(tile.Direction - movie.Direction[t])) <= degrees * Math.PI / 180) right++;
                }
            }
            if (judged > 0) shares.Add((double)right / judged);
        }
        return shares.Count == 0 ? new Interval(0, double.NaN, double.NaN, 0) : Interval.OfMean([.. shares]);
    }

    /// <summary>Puts one step of a movie into a packet.</summary>
    internal static void Fill(EventPacket packet, MotionMovie movie, int step, int stepUs)
    {
        int size = movie.Task.Size;
        packet.Reset((long)step * stepUs, (long)(step + 1) * stepUs);
        (packet.Width, packet.Height) = (size, size);
        for (int i = 0; i < size * size; i++)
        {
            byte signs = movie.Events[step * size * size + i];
            for (int sign = 0; sign < 2; sign++)
            {
                if ((signs >> sign & 1) != 0) packet.Append(new Event((long)step * stepUs, (ushort)(i % size), (ushort)(i / size), (byte)sign));
            }
        }
    }
}
