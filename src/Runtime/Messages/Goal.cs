namespace EdgeAutonomy.Runtime.Messages;

/// <summary>A place to go to.</summary>
/// <param name="Id">Which goal; 0 = none: stay where you are.</param>
/// <param name="X">Metres east.</param>
/// <param name="Y">Metres north.</param>
/// <param name="Radius">Metres within which the goal counts as reached.</param>
public readonly record struct Goal(int Id, double X, double Y, float Radius) : IPayload
{
    /// <summary>No goal.</summary>
    public static readonly Goal None;

    /// <inheritdoc/>
    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(Id);
        hasher.Add(X);
        hasher.Add(Y);
        hasher.Add(Radius);
    }
}
