namespace EdgeAutonomy.Recording;

/// <summary>The surroundings as far as the program knows them: the built-in world in simulation, nothing on a real robot.</summary>
/// <param name="Name">The scenario's name.</param>
/// <param name="Walls">Line segments that stand still.</param>
/// <param name="Obstacles">Discs; moving ones are where they were at the time of the view.</param>
/// <param name="Robots">Every robot where it really is.</param>
public sealed record MapView(string Name, IReadOnlyList<MapWall> Walls, IReadOnlyList<MapObstacle> Obstacles, IReadOnlyList<MapRobot> Robots)
{
    /// <summary>No surroundings known.</summary>
    public static MapView None { get; } = new("", [], [], []);
}
