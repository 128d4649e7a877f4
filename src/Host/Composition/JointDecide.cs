namespace EdgeAutonomy.Host;

/// <summary>Keys of the learned joint policy.</summary>
public sealed class JointDecide : DecideSection
{
    /// <summary>Gets the trained policy.</summary>
    [Option("The trained policy, by the name of one that ships or as a file (NAME.policy.json); it must have been trained for this loop's periods.", IsModel = true)]
    public string Policy { get; init; } = "rover";

    /// <summary>Gets the highest speed it commands.</summary>
    [Option("Highest speed commanded, metres per second; the policy never drives faster than it was trained to.", Min = 0.05, Max = 5)]
    public double MaxSpeedMps { get; init; } = 1;

    /// <summary>Gets the radius of the disc that holds the robot.</summary>
    [Option("Radius of the disc that holds the whole robot, metres.", Min = 0.05, Max = 1)]
    public double RobotRadiusM { get; init; } = 0.18;

    /// <summary>Gets what waking and deciding take at their worst.</summary>
    [Option("What waking up and deciding take at their worst; taken off every deadline, milliseconds.", Min = 0, Max = 100)]
    public double ReserveMs { get; init; } = 0.5;

    /// <summary>Gets when it gives way to the robots of its fleet by ORCA.</summary>
    [Option("In a fleet: when it bends its motion by what other robots tell of themselves (ORCA). Blind: where it has no range scanner; Always; Never.")]
    public GiveWayChoice GiveWay { get; init; }
}
