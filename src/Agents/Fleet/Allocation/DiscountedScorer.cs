namespace EdgeAutonomy.Agents;

/// <summary>Rewards that fade with the time of arrival: the sum of λ^τ·R over the path (Choi, Brunet and How 2009, equation 11), whose marginal gains diminish.</summary>
/// <param name="travel">The time from one task to the next in seconds; the first argument is null for the robot's own position. +∞ = cannot get there, or cannot do it.</param>
/// <param name="fadePerSecond">λ, in (0, 1); default 0.98.</param>
public sealed class DiscountedScorer(Func<FleetTask?, FleetTask, double> travel, double fadePerSecond = 0.98) : ITaskScorer
{
    private readonly double _logFade = fadePerSecond is > 0 and < 1 ? DeterministicMath.Log(fadePerSecond)
        : throw new ArgumentOutOfRangeException(nameof(fadePerSecond), fadePerSecond, "Fade per second must be in (0, 1).");

    /// <inheritdoc/>
    public double Score(ReadOnlySpan<FleetTask> path)
    {
        double time = 0, sum = 0;
        FleetTask? at = null;
        foreach (var task in path)
        {
            double leg = travel(at, task);
            // Not to be reached: the rest of the path goes on from where the robot is.
            if (!(leg >= 0 && double.IsFinite(leg))) continue;
            time += leg;
            sum += task.Reward * DeterministicMath.Exp(_logFade * time);
            time += task.Seconds;
            at = task;
        }
        return sum;
    }
}
