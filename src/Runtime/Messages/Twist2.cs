namespace EdgeAutonomy.Runtime.Messages;

/// <summary>A velocity in the plane, in the robot's own frame: the action of a differential-drive robot.</summary>
/// <param name="Linear">Metres per second straight ahead.</param>
/// <param name="Angular">Radians per second, counter-clockwise.</param>
public readonly record struct Twist2(float Linear, float Angular) : IPayload
{
    /// <summary>Standing still.</summary>
    public static readonly Twist2 Rest = new(0, 0);

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Linear);
        hasher.Add(Angular);
    }
}
