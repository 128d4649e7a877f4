namespace EdgeAutonomy.Simulation;

/// <summary>Everything that is in a world: geometry, things that move, robots and their sensors. Plain data; read and written as JSON.</summary>
/// <remarks>Lengths in metres, angles in radians, x east, y north. Made by <see cref="ScenarioCatalog"/> or read by <see cref="ScenarioFile"/>.</remarks>
public sealed record Scenario
{
    /// <summary>Gets the name.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the seed of all noise, textures and goal sequences.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Gets the height of all walls in metres; obstacles are not higher.</summary>
    public double WallHeight { get; init; } = 0.8;

    /// <summary>Gets the reflectance of the sky.</summary>
    public double SkyBrightness { get; init; } = 0.9;

    /// <summary>Gets the mean reflectance of the ground.</summary>
    public double FloorBrightness { get; init; } = 0.4;

    /// <summary>Gets the contrast of the ground.</summary>
    public double FloorContrast { get; init; } = 0.12;

    /// <summary>Gets whether robots are sent from station to station by themselves; otherwise goals come from outside.</summary>
    public bool AutoGoals { get; init; } = true;

    /// <summary>Gets how long a robot may take to a station before that goal counts as missed and the next one is set, in seconds; default 30.
    /// Holds for goals that the world sets itself.</summary>
    public double GoalSeconds { get; init; } = 30;

    /// <summary>Gets the walls.</summary>
    public IReadOnlyList<WallSpec> Walls { get; init; } = [];

    /// <summary>Gets the obstacles.</summary>
    public IReadOnlyList<ObstacleSpec> Obstacles { get; init; } = [];

    /// <summary>Gets the stations.</summary>
    public IReadOnlyList<StationSpec> Stations { get; init; } = [];

    /// <summary>Gets where robots start; as many robots as starts.</summary>
    public IReadOnlyList<StartSpec> Robots { get; init; } = [];

    /// <summary>Gets the robots' bodies.</summary>
    public RoverSpec Rover { get; init; } = new();

    /// <summary>Gets the robots' event cameras.</summary>
    public CameraSpec Camera { get; init; } = new();

    /// <summary>Gets the robots' range sensors.</summary>
    public ScanSpec Scan { get; init; } = new();
}
