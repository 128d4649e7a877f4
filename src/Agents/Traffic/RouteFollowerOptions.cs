namespace EdgeAutonomy.Agents;

/// <summary>How a robot drives along its plan.</summary>
public sealed record RouteFollowerOptions
{
    /// <summary>Gets the greatest speed, m/s; default 1. Above the planner's, or lost time is never made good.</summary>
    public double MaxSpeed { get; init; } = 1;

    /// <summary>Gets how hard it brakes for its last node, m/s²; default 0.5.</summary>
    public double Deceleration { get; init; } = 0.5;

    /// <summary>Gets the speed at which it takes a corner, m/s; default 0.2.</summary>
    public double CornerSpeed { get; init; } = 0.2;

    /// <summary>Gets by how much a straight way may miss the nodes that it passes, metres; default 0.05.</summary>
    public double Straightness { get; init; } = 0.05;

    /// <summary>Gets how long after its planned arrival it counts as late; default 0.5 s, a step of the planner.</summary>
    public Duration LateAfter { get; init; } = Duration.FromSeconds(0.5);

    internal string? Fault() =>
        !(MaxSpeed is > 0 and < 1000) || !(Deceleration is > 0 and < 1000) || !(CornerSpeed > 0 && CornerSpeed <= MaxSpeed) || !(Straightness is >= 0 and < 1000) || LateAfter.Nanoseconds < 0
            ? $"Route follower: greatest speed {MaxSpeed} m/s, deceleration {Deceleration} m/s², corner speed {CornerSpeed} m/s, straightness {Straightness} m, late after {LateAfter}; must be positive and below 1000, the corner speed at most the greatest."
            : null;
}
