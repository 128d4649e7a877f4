using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Agents;

/// <summary>Two wheels on one axis: which velocities of the plane they can follow closely enough, and how (NH-ORCA, Alonso-Mora et al. 2010).</summary>
/// <remarks>
/// <para>To follow a velocity of speed V at an angle θ from the heading, the robot turns by θ within T = max(<see cref="TurnTime"/>, |θ|/<see cref="MaxTurn"/>) on the arc that ends nearest to where
/// the velocity would have led, then drives straight on. For |θ| ≤ 90° the speed on the arc is V·(θ/2)/tan(θ/2) and the robot strays by at most V·T·|sin(θ/2)|; beyond, it turns on the spot and strays by V·T.</para>
/// <para>Velocities that stay within <see cref="TrackingError"/> form a set around the heading; an inner convex polygon of it goes into the linear programme as hard lines, so that what is chosen can be driven. Immutable, thread-safe,
/// 0 bytes per call.</para>
/// </remarks>
public sealed class DifferentialDrive
{
    // Corners on 180°, most of them ahead where the set bends most.
    private const int Corners = 16, Ahead = 10, Probes = 64;

    private readonly Vector2D[] _corners;

    /// <summary>Makes a drive.</summary>
    /// <param name="maxSpeed">The greatest speed ahead, m/s.</param>
    /// <param name="maxTurn">The greatest turn rate, rad/s.</param>
    /// <param name="turnTime">How long a small turn takes; several control periods.</param>
    /// <param name="trackingError">How far the robot may stray from the chosen velocity, metres; other robots must count it to the radius.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public DifferentialDrive(double maxSpeed, double maxTurn, Duration turnTime, double trackingError)
    {
        Require(maxSpeed, nameof(maxSpeed));
        Require(maxTurn, nameof(maxTurn));
        Require(turnTime.Seconds, nameof(turnTime));
        Require(trackingError, nameof(trackingError));
        (MaxSpeed, MaxTurn, TurnTime, TrackingError) = (maxSpeed, maxTurn, turnTime, trackingError);
        _corners = InnerPolygon();
    }

    /// <summary>Gets the greatest speed ahead, m/s.</summary>
    public double MaxSpeed { get; }

    /// <summary>Gets the greatest turn rate, rad/s.</summary>
    public double MaxTurn { get; }

    /// <summary>Gets how long a small turn takes.</summary>
    public Duration TurnTime { get; }

    /// <summary>Gets how far the robot may stray, metres.</summary>
    public double TrackingError { get; }

    /// <summary>Gets the corners of the polygon of velocities that can be followed, counter-clockwise, in the robot's frame.</summary>
    internal ReadOnlySpan<Vector2D> Polygon => _corners;

    /// <summary>Returns how far the robot strays from a velocity held for ever, metres.</summary>
    /// <param name="speed">Its speed, m/s.</param>
    /// <param name="angle">Its angle from the heading, radians in [−π, π].</param>
    public double ErrorBound(double speed, double angle) => speed * ErrorPerSpeed(Math.Abs(angle));

    /// <summary>Returns the greatest speed at an angle that keeps within <see cref="TrackingError"/>.</summary>
    /// <param name="angle">From the heading, radians in [−π, π].</param>
    public double SpeedLimit(double angle)
    {
        double error = ErrorPerSpeed(Math.Abs(angle));
        return error * MaxSpeed <= TrackingError ? MaxSpeed : TrackingError / error;
    }

    /// <summary>Returns the command that follows a velocity.</summary>
    /// <param name="velocity">In the map frame, m/s.</param>
    /// <param name="heading">Radians.</param>
    /// <param name="errorBound">How far the robot strays if the velocity stays, metres.</param>
    public Twist2 Map(Vector2D velocity, double heading, out double errorBound)
    {
        double speed = Math.Min(velocity.Length, MaxSpeed);
        errorBound = 0;
        if (speed < 1e-9) return Twist2.Rest;
        double angle = DeterministicMath.WrapAngle(DeterministicMath.Atan2(velocity.Y, velocity.X) - heading), size = Math.Abs(angle);
        errorBound = ErrorBound(speed, angle);
        double turn = angle / TimeOf(size);
        if (size > Math.PI / 2) return new Twist2(0, (float)turn);
        (double sin, double cos) = DeterministicMath.SinCos(size / 2);
        double ahead = size < 1e-6 ? speed : speed * (size / 2) * cos / sin;
        return new Twist2((float)ahead, (float)turn);
    }

    private static void Require(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value))) throw new ArgumentOutOfRangeException(name, value, $"Differential drive: {name} is {value}; must be positive.");
    }

    private double TimeOf(double size) => Math.Max(TurnTime.Seconds, size / MaxTurn);

    private double ErrorPerSpeed(double size) => TimeOf(size) * (size > Math.PI / 2 ? 1 : DeterministicMath.Sin(size / 2));

    private Vector2D[] InnerPolygon()
    {
        // Chords of the set's border are inside it where the set is convex; where it is not, all corners shrink until they are. At 90° the
        // border jumps inwards: a corner lies there, on the inner side.
        var half = new double[Corners + 1];
        for (int i = 0; i <= Corners; i++) half[i] = i <= Ahead ? Math.PI / 2 * i / Ahead : Math.PI / 2 * (1 + (double)(i - Ahead) / (Corners - Ahead));
        double scale = 1;
        for (int i = 0; i < Corners; i++)
        {
            Vector2D a = Border(half[i]), b = Border(half[i + 1]);
            for (int k = 1; k < Probes; k++)
            {
                Vector2D on = a + (b - a) * ((double)k / Probes);
                if (on.Length > 0) scale = Math.Min(scale, SpeedLimit(DeterministicMath.Atan2(on.Y, on.X)) / on.Length);
            }
        }
        var corners = new Vector2D[2 * Corners];
        for (int i = 0; i < Corners; i++)
        {
            corners[i] = Border(half[i]) * scale;
            Vector2D mirrored = Border(half[Corners - i]) * scale;
            corners[Corners + i] = new Vector2D(mirrored.X, -mirrored.Y);
        }
        return corners;
    }

    private Vector2D Border(double angle)
    {
        double speed = Math.Min(SpeedLimit(angle), SpeedLimit(Math.Min(Math.PI, angle + 1e-9)));
        (double sin, double cos) = DeterministicMath.SinCos(angle);
        return new Vector2D(cos, sin) * speed;
    }
}
