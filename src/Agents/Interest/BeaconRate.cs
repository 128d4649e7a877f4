namespace EdgeAutonomy.Agents;

/// <summary>Decides when a robot sends its next beacon: ten a second near others, five on the move, one when alone or parked, at once when its mode changes.</summary>
/// <remarks>Deterministic, single-threaded, 0 bytes per call. The announced <see cref="Period"/> goes into the beacon, so that others know when to miss it.</remarks>
public sealed class BeaconRate
{
    /// <summary>Period near others.</summary>
    public static readonly Duration Fast = Duration.FromMilliseconds(100);

    /// <summary>Period on the move.</summary>
    public static readonly Duration Moving = Duration.FromMilliseconds(200);

    /// <summary>Period when alone, slow or parked.</summary>
    public static readonly Duration Slow = Duration.FromMilliseconds(1000);

    private const double NearMetres = 5, MovingSpeed = 0.05;
    private static readonly Duration Near = Duration.FromSeconds(5);

    private Stamp _last = Stamp.Never;
    private byte _mode;
    private bool _stopped, _urgent = true;

    /// <summary>Gets the period in force.</summary>
    public Duration Period { get; private set; } = Slow;

    /// <summary>Takes the state of this cycle.</summary>
    /// <param name="mode">Mode byte of the beacon.</param>
    /// <param name="emergencyStop">Whether the emergency stop is on.</param>
    /// <param name="speed">Own speed, m/s.</param>
    /// <param name="nearest">Metres to the nearest neighbour's border; infinite = none.</param>
    /// <param name="timeToCollision">To the first collision if all go on as now; <see cref="Duration.Unlimited"/> = none.</param>
    public void Update(byte mode, bool emergencyStop, double speed, double nearest, Duration timeToCollision)
    {
        _urgent |= mode != _mode || emergencyStop != _stopped;
        (_mode, _stopped) = (mode, emergencyStop);
        Period = nearest < NearMetres || timeToCollision < Near ? Fast : speed > MovingSpeed ? Moving : Slow;
    }

    /// <summary>Asks for a beacon at once, as after a change of cell.</summary>
    public void Announce() => _urgent = true;

    /// <summary>Returns whether a beacon is due, and counts it as sent then.</summary>
    public bool TakeDue(Stamp now)
    {
        if (!_urgent && now - _last < Period) return false;
        (_last, _urgent) = (now, false);
        return true;
    }

    /// <summary>Returns when two discs that go on as now touch; <see cref="Duration.Unlimited"/> = never.</summary>
    /// <param name="offset">Position of the other minus own, metres.</param>
    /// <param name="velocity">Velocity of the other minus own, m/s.</param>
    /// <param name="distance">Sum of the radii, metres.</param>
    public static Duration TimeToCollision(Vector2D offset, Vector2D velocity, double distance)
    {
        double c = offset.LengthSquared - distance * distance, b = Vector2D.Dot(offset, velocity), a = velocity.LengthSquared;
        if (c <= 0) return Duration.Zero;
        double disc = b * b - a * c;
        if (b >= 0 || disc < 0) return Duration.Unlimited;
        double seconds = c / (-b + Math.Sqrt(disc));
        return seconds > 1e6 ? Duration.Unlimited : Duration.FromSeconds(seconds);
    }
}
