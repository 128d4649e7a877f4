namespace EdgeAutonomy.Simulation;

/// <summary>An obstacle of a scenario: a cylinder, or a box.</summary>
public sealed record ObstacleSpec
{
    /// <summary>Gets the middle, metres east.</summary>
    public required double X { get; init; }

    /// <summary>Gets the middle, metres north.</summary>
    public required double Y { get; init; }

    /// <summary>Gets the radius of a cylinder in metres; 0 = a box.</summary>
    public double Radius { get; init; }

    /// <summary>Gets the length of a box along its heading in metres.</summary>
    public double Length { get; init; }

    /// <summary>Gets the width of a box in metres.</summary>
    public double Width { get; init; }

    /// <summary>Gets the heading of a box in radians.</summary>
    public double Heading { get; init; }

    /// <summary>Gets the height in metres; not above the walls.</summary>
    public double Height { get; init; } = 0.6;

    /// <summary>Gets how it looks.</summary>
    public Surface Surface { get; init; } = new(TextureKind.Stripes, 0.6);

    /// <summary>Gets how it moves.</summary>
    public MotionKind Motion { get; init; }

    /// <summary>Gets the speed in metres per second.</summary>
    public double Speed { get; init; }

    /// <summary>Gets the direction in radians in which a bouncing obstacle starts.</summary>
    public double Direction { get; init; }

    /// <summary>Gets the waypoints of a loop, visited in turn after the start.</summary>
    public IReadOnlyList<Waypoint> Waypoints { get; init; } = [];

    /// <summary>Gets whether it drives on when a robot stands in its way; otherwise it slows and stops, as a person would.</summary>
    public bool Ruthless { get; init; }

    /// <summary>Gets whether it is a cylinder.</summary>
    public bool IsRound => Radius > 0;
}
