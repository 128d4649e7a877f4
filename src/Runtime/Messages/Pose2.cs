namespace EdgeAutonomy.Runtime.Messages;

/// <summary>A pose in the plane.</summary>
/// <param name="X">Metres east.</param>
/// <param name="Y">Metres north.</param>
/// <param name="Heading">Radians counter-clockwise from +x.</param>
public readonly record struct Pose2(double X, double Y, double Heading) : IPayload
{
    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(X);
        hasher.Add(Y);
        hasher.Add(Heading);
    }
}
