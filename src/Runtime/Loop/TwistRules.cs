using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Runtime;

/// <summary>Limits of a differential-drive command.</summary>
public sealed class TwistRules : IActionRules<Twist2>
{
    /// <summary>Gets the fastest linear speed in metres per second, ahead and back; default 1.</summary>
    public float MaxLinear { get; init; } = 1f;

    /// <summary>Gets the fastest turn in radians per second; default 2.5.</summary>
    public float MaxAngular { get; init; } = 2.5f;

    /// <summary>Gets the largest change of linear speed in metres per second squared; default 2.5. Braking may be twice as hard.</summary>
    public float MaxLinearChange { get; init; } = 2.5f;

    /// <summary>Gets the largest change of turn rate in radians per second squared; default 20.</summary>
    public float MaxAngularChange { get; init; } = 20f;

    /// <summary>Gets the share of the speed limits that holds from <see cref="Rung.Degraded"/> on; default 0.4.</summary>
    public float DegradedShare { get; init; } = 0.4f;

    /// <inheritdoc/>
    public Twist2 Safe => Twist2.Rest;

    /// <inheritdoc/>
    public bool IsFinite(in Twist2 action) => float.IsFinite(action.Linear) && float.IsFinite(action.Angular);

    /// <inheritdoc/>
    public bool Limit(in Twist2 previous, ref Twist2 action, Duration dt, Rung rung)
    {
        float share = rung >= Rung.Degraded ? DegradedShare : 1f, seconds = Math.Max(0, (float)dt.Seconds); // time that goes back, as after a damaged keyframe, allows no change
        float linear = Math.Clamp(action.Linear, -MaxLinear * share, MaxLinear * share);
        float angular = Math.Clamp(action.Angular, -MaxAngular * share, MaxAngular * share);
        // Braking is the safe direction: it may change twice as fast as speeding up.
        bool braking = Math.Abs(linear) < Math.Abs(previous.Linear);
        float step = MaxLinearChange * seconds * (braking ? 2 : 1), turn = MaxAngularChange * seconds;
        linear = Math.Clamp(linear, previous.Linear - step, previous.Linear + step);
        angular = Math.Clamp(angular, previous.Angular - turn, previous.Angular + turn);
        bool changed = linear != action.Linear || angular != action.Angular;
        action = new Twist2(linear, angular);
        return changed;
    }

    /// <inheritdoc/>
    public void Decay(ref Twist2 held, Duration dt)
    {
        float step = 2 * MaxLinearChange * (float)dt.Seconds, turn = MaxAngularChange * (float)dt.Seconds;
        held = new Twist2(Towards(held.Linear, step), Towards(held.Angular, turn));
    }

    /// <inheritdoc/>
    public float Effort(in Twist2 action) => Math.Min(1f, Math.Max(Math.Abs(action.Linear) / MaxLinear, Math.Abs(action.Angular) / MaxAngular));

    private static float Towards(float value, float step) => value > step ? value - step : value < -step ? value + step : 0f;
}
