using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Policies;

/// <summary>Keeps the robot's pose from the wheels' way and the gyroscope's turn, and learns the gyroscope's bias whenever the robot stands.</summary>
/// <remarks>
/// Wheels measure ways well and turns badly: two wheel radii that differ by 0.5 % on a track of 26 cm turn the odometry by a degree per metre.
/// A gyroscope measures turns well once its bias is known. The bias is a scalar Kalman filter that is fed while the wheels stand; noise is
/// given as a density, so any period gives the same result. What happened between two cycles is integrated by wheels and gyroscope, which
/// never look away, and not guessed from the speeds at both ends: a robot that looks twice a second knows its place as well as one that looks
/// a thousand times. When the odometry's pose jumps (somebody relocalised), the jump is taken over.
/// One thread; allocates nothing.
/// </remarks>
internal sealed class DeadReckoning(bool useGyro) : IPayload
{
    // (rad/s)²·s: 0.01 rad/s of white noise at 200 Hz, typical of cheap MEMS gyroscopes; bias a priori within 0.02 rad/s, wandering slowly.
    private const double NoiseDensity = 0.01 * 0.01 / 200, FirstVariance = 0.02 * 0.02, WanderDensity = 1e-9;
    private const double JumpMetre = 0.5, StandSecond = 0.1;
    private const float StandSpeed = 2e-3f;

    private readonly bool _useGyro = useGyro;
    private State _s = new() { BiasVariance = FirstVariance };

    /// <summary>Gets the pose; starts at the odometry's first pose.</summary>
    public Pose2 Pose => new(_s.X, _s.Y, _s.Heading);

    /// <summary>Gets the present velocity, by the wheels: the gyroscope tells of the time since the last cycle, not of now.</summary>
    public Twist2 Velocity => new((float)_s.Speed, (float)_s.TurnRate);

    /// <summary>Gets the standard deviation of the gyroscope's bias in radians per second.</summary>
    public double BiasDeviation => _useGyro ? Math.Sqrt(_s.BiasVariance) : 0;

    /// <summary>Starts over at the next update; what is known of the bias stays.</summary>
    public void Restart() => _s.Started = 0;

    /// <summary>Goes on by a cycle.</summary>
    /// <param name="odometry">The odometry; finite.</param>
    /// <param name="gyro">Mean turn rate since the previous call in radians per second; not finite = the wheels' turn is taken.</param>
    /// <param name="dt">Seconds since the previous call.</param>
    /// <returns>False when the pose jumped, so that remembered places are no longer right.</returns>
    public bool Update(in Odometry odometry, float gyro, double dt)
    {
        var (pose, velocity) = (odometry.Pose, odometry.Velocity);
        bool hasGyro = _useGyro && float.IsFinite(gyro), goesOn = _s.Started != 0;
        double jumpX = pose.X - _s.WheelX, jumpY = pose.Y - _s.WheelY, limit = JumpMetre + 3 * Math.Max(Math.Abs(_s.Speed), Math.Abs(velocity.Linear)) * dt;
        if (goesOn && Math.Abs(jumpX) < limit && Math.Abs(jumpY) < limit)
        {
            Learn(velocity, gyro, dt, hasGyro);
            // The wheels integrate their way and the gyroscope its turn between two cycles; without it the wheels' turn is the best there is.
            double wheelTurn = DeterministicMath.WrapAngle(pose.Heading - _s.WheelHeading), turn = hasGyro ? (gyro - _s.Bias) * dt : wheelTurn;
            // Along the chord: half the wheels' turn takes the step into the body's frame, half the true turn out of it.
            double back = _s.Heading + 0.5 * (turn - wheelTurn) - _s.WheelHeading;
            (double cos, double sin) = (DeterministicMath.Cos(back), DeterministicMath.Sin(back));
            _s.X += jumpX * cos - jumpY * sin;
            _s.Y += jumpX * sin + jumpY * cos;
            _s.Heading = DeterministicMath.WrapAngle(_s.Heading + turn);
        }
        else
        {
            goesOn = false;
            (_s.X, _s.Y, _s.Heading, _s.Started) = (pose.X, pose.Y, DeterministicMath.WrapAngle(pose.Heading), 1);
        }
        (_s.WheelX, _s.WheelY, _s.WheelHeading, _s.Speed, _s.TurnRate) = (pose.X, pose.Y, pose.Heading, velocity.Linear, velocity.Angular);
        return goesOn;
    }

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_s.X);
        hasher.Add(_s.Y);
        hasher.Add(_s.Heading);
        hasher.Add(_s.Speed);
        hasher.Add(_s.TurnRate);
        hasher.Add(_s.Bias);
        hasher.Add(_s.BiasVariance);
        hasher.Add(_s.StandSecond);
    }

    internal void Freeze(in StateWriter writer) => writer.Write(_s);

    internal void Thaw(ref StateReader reader)
    {
        var s = reader.Read<State>();
        reader.Require(Math.Abs(s.X) < 1e6 && Math.Abs(s.Y) < 1e6 && Math.Abs(s.Heading) <= Math.PI && Math.Abs(s.Speed) < 1e6 && Math.Abs(s.TurnRate) < 1e6
            && Math.Abs(s.Bias) < 1 && s.BiasVariance is >= 0 and < 1 && double.IsFinite(s.WheelX + s.WheelY + s.WheelHeading + s.StandSecond), "a pose or gyroscope bias");
        _s = s;
    }

    private void Learn(in Twist2 velocity, float gyro, double dt, bool hasGyro)
    {
        bool stands = Math.Abs(velocity.Linear) < StandSpeed && Math.Abs(velocity.Angular) < StandSpeed * 5;
        _s.StandSecond = stands ? _s.StandSecond + dt : 0;
        _s.BiasVariance += WanderDensity * dt;
        // The wheels must have stood for a moment, because the body comes to rest after them; a large rate is somebody turning the robot.
        if (!hasGyro || dt <= 0 || _s.StandSecond < StandSecond || Math.Abs(gyro - _s.Bias) > 0.1) return;
        double gain = _s.BiasVariance / (_s.BiasVariance + NoiseDensity / dt);
        _s.Bias += gain * (gyro - _s.Bias);
        _s.BiasVariance *= 1 - gain;
    }

    private struct State
    {
        public double X, Y, Heading, WheelX, WheelY, WheelHeading, Speed, TurnRate, Bias, BiasVariance, StandSecond;
        public long Started;
    }
}
