namespace EdgeAutonomy.Host;

/// <summary>Keys of the simulated rover's sensors.</summary>
public sealed class SimulatedRoverSense : SenseSection
{
    /// <summary>Gets the scenario.</summary>
    [Option("Scenario of the built-in world; its seed is Robot:Seed.", Choices = "default,corridor,crowd,empty")]
    public string Scenario { get; init; } = "default";

    /// <summary>Gets whether the rover has a range sensor beside its camera.</summary>
    [Option("Whether the rover has a range sensor beside its event camera.")]
    public bool Ranging { get; init; } = true;
}
