namespace EdgeAutonomy.Host;

/// <summary>Keys of the simulated rover's sensors.</summary>
public sealed class SimulatedRoverSense : SenseSection
{
    /// <summary>Gets the scenario.</summary>
    [Option("Scenario of the built-in world.")]
    public string Scenario { get; init; } = "room";

    /// <summary>Gets which robot of the scenario this is.</summary>
    [Option("Which robot of the scenario this is.", Min = 0, Max = 63)]
    public int Robot { get; init; }
}
