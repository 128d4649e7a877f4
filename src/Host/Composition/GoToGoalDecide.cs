namespace EdgeAutonomy.Host;

/// <summary>Keys of the go-to-goal policy.</summary>
public sealed class GoToGoalDecide : DecideSection
{
    /// <summary>Gets the highest speed it commands.</summary>
    [Option("Highest speed commanded, metres per second.", Min = 0.05, Max = 5)]
    public double MaxSpeedMps { get; init; } = 1;

    /// <summary>Gets the radius of the disc that holds the robot.</summary>
    [Option("Radius of the disc that holds the whole robot, metres.", Min = 0.05, Max = 1)]
    public double RobotRadiusM { get; init; } = 0.18;

    /// <summary>Gets when it gives way to the robots of its fleet by ORCA.</summary>
    [Option("In a fleet: when it bends its motion by what other robots tell of themselves (ORCA). Blind: where it has no range scanner; Always; Never.")]
    public GiveWayChoice GiveWay { get; init; }
}
