namespace EdgeAutonomy.Runtime.Messages;

/// <summary>What the wheels say: a drifting pose and the present velocity.</summary>
/// <param name="Time">When it was taken.</param>
/// <param name="Pose">Pose since the start, with the drift of the wheels.</param>
/// <param name="Velocity">Present velocity in the robot's frame.</param>
public readonly record struct Odometry(Stamp Time, Pose2 Pose, Twist2 Velocity) : IPayload
{
    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Time.Nanoseconds);
        Pose.AddTo(ref hasher);
        Velocity.AddTo(ref hasher);
    }
}
