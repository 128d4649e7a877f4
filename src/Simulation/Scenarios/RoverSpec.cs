namespace EdgeAutonomy.Simulation;

/// <summary>The body and the motors of a differential-drive robot. The defaults are those of the reference rover.</summary>
public sealed record RoverSpec
{
    /// <summary>Gets the radius of the round body in metres.</summary>
    public double Radius { get; init; } = 0.18;

    /// <summary>Gets the height of the body in metres.</summary>
    public double Height { get; init; } = 0.3;

    /// <summary>Gets the radius of a wheel in metres.</summary>
    public double WheelRadius { get; init; } = 0.06;

    /// <summary>Gets the distance between the wheels in metres.</summary>
    public double Track { get; init; } = 0.26;

    /// <summary>Gets the highest speed ahead and back in metres per second; commands are clipped.</summary>
    public double MaxLinear { get; init; } = 1.2;

    /// <summary>Gets the highest turn rate in radians per second; commands are clipped.</summary>
    public double MaxAngular { get; init; } = 2.5;

    /// <summary>Gets the time constant of the motors in milliseconds.</summary>
    public double MotorLagMs { get; init; } = 80;

    /// <summary>Gets the random slip of each wheel per tick, relative to its speed.</summary>
    public double WheelNoise { get; init; } = 0.02;

    /// <summary>Gets the standard deviation of each wheel's unknown true radius, relative: the systematic drift of odometry.</summary>
    public double WheelRadiusError { get; init; } = 0.004;

    /// <summary>Gets the white noise of the gyroscope in radians per second.</summary>
    public double GyroNoise { get; init; } = 0.01;

    /// <summary>Gets the standard deviation of the gyroscope's constant bias in radians per second.</summary>
    public double GyroBias { get; init; } = 0.005;

    /// <summary>Gets the white noise of the accelerometer in metres per second squared.</summary>
    public double AccelerationNoise { get; init; } = 0.05;

    /// <summary>Gets the rate of inertial measurements in hertz; a divisor of 1000.</summary>
    public int ImuHz { get; init; } = 200;

    /// <summary>Gets the time without a command in milliseconds after which the motor controller stops the wheels by itself.</summary>
    public double CommandTimeoutMs { get; init; } = 200;

    /// <summary>Gets how the body looks to other robots.</summary>
    public Surface Surface { get; init; } = new(TextureKind.Checker, 0.6);
}
