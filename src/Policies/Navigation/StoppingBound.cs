using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies;

/// <summary>How long a robot may go on without looking again, so that it can still stop in time.</summary>
/// <remarks>Pure functions; thread-safe, allocation-free, deterministic.</remarks>
public static class StoppingBound
{
    /// <summary>Speed in metres per second below which the robot counts as standing.</summary>
    public const double RestSpeed = 0.02;

    /// <summary>Returns the longest period after which a stop from the present speed still ends before the obstacle:
    /// dt ≤ (d − v²/(2a))/v − t_a.</summary>
    /// <param name="freeMetre">Free way d in metres; +∞ = nothing in sight.</param>
    /// <param name="speedMetrePerSecond">Speed v towards the obstacle; the sign does not matter.</param>
    /// <param name="decelerationMetrePerSecondSquared">Deceleration a that is surely reached; positive.</param>
    /// <param name="actuationLatency">Time t_a from the decision to the motor's answer.</param>
    /// <returns>Unlimited at rest or with nothing in sight; zero when the robot can no longer stop in time, or when an argument is NaN.</returns>
    public static Duration PeriodLimit(double freeMetre, double speedMetrePerSecond, double decelerationMetrePerSecondSquared, Duration actuationLatency)
    {
        double v = Math.Abs(speedMetrePerSecond);
        if (v <= RestSpeed || double.IsPositiveInfinity(freeMetre)) return Duration.Unlimited;
        double seconds = (freeMetre - v * v / (2 * decelerationMetrePerSecondSquared)) / v - actuationLatency.Seconds;
        // Written so that NaN gives zero; the upper limit keeps the conversion to nanoseconds in range.
        return seconds > 0 ? Duration.FromSeconds(Math.Min(seconds, 3600)) : Duration.Zero;
    }

    /// <summary>Returns the highest speed from which the robot stops within a way, after first driving on for a reaction time.</summary>
    /// <param name="freeMetre">Free way in metres; negative counts as 0.</param>
    /// <param name="decelerationMetrePerSecondSquared">Deceleration; positive.</param>
    /// <param name="reactionSecond">Time at full speed before the braking starts; not negative.</param>
    /// <returns>The v that solves v·t + v²/(2a) = d: v = a(√(t² + 2d/a) − t).</returns>
    public static double Speed(double freeMetre, double decelerationMetrePerSecondSquared, double reactionSecond)
    {
        double a = decelerationMetrePerSecondSquared, t = reactionSecond;
        return a * (Math.Sqrt(t * t + 2 * Math.Max(freeMetre, 0) / a) - t);
    }
}
