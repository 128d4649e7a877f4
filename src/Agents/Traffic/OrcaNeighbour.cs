namespace EdgeAutonomy.Agents;

/// <summary>What is known of another robot: its last beacon and how old that is.</summary>
/// <param name="Key">The hash of its id.</param>
/// <param name="Position">Where it was, metres.</param>
/// <param name="Velocity">Its velocity then, m/s in the map frame.</param>
/// <param name="Radius">Its radius with its load and its own tracking error, metres.</param>
/// <param name="MaxSpeed">Its greatest speed, m/s.</param>
/// <param name="Sigma">Standard deviation of its position, metres.</param>
/// <param name="Age">How old that is, from the monotonic time of arrival plus the transport time if known.</param>
/// <param name="Cooperates">Whether it avoids us too.</param>
public readonly record struct OrcaNeighbour(ulong Key, Vector2D Position, Vector2D Velocity, double Radius, double MaxSpeed, double Sigma, Duration Age, bool Cooperates)
{
    internal bool IsValid => Position.IsFinite && Velocity.IsFinite && Radius >= 0 && MaxSpeed >= 0 && Sigma >= 0
        && double.IsFinite(Radius) && double.IsFinite(MaxSpeed) && double.IsFinite(Sigma) && Age.Nanoseconds >= 0;
}
