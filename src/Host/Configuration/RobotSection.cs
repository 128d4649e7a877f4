namespace EdgeAutonomy.Host;

/// <summary>Who the robot is.</summary>
public sealed class RobotSection
{
    /// <summary>Gets the robot's name in messages, logs and topics.</summary>
    [Option("The robot's name in messages, logs and topics.", IsName = true)]
    public string Id { get; init; } = "robot";

    /// <summary>Gets the seed of every random stream.</summary>
    [Option("Seed of every random stream.", Min = 0, Max = ulong.MaxValue)]
    public ulong Seed { get; init; } = 1;
}
