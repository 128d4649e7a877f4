namespace EdgeAutonomy.Runtime.Messages;

/// <summary>One inertial measurement in the robot's frame (x ahead, y left).</summary>
/// <param name="Time">When it was taken.</param>
/// <param name="AccelerationX">Metres per second squared, ahead.</param>
/// <param name="AccelerationY">Metres per second squared, to the left.</param>
/// <param name="AngularVelocity">Radians per second about the vertical, counter-clockwise: the mean of all samples since the last reading, so that a turn is never lost between two looks.</param>
public readonly record struct ImuSample(Stamp Time, float AccelerationX, float AccelerationY, float AngularVelocity) : IPayload
{
    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Time.Nanoseconds);
        hasher.Add(AccelerationX);
        hasher.Add(AccelerationY);
        hasher.Add(AngularVelocity);
    }
}
