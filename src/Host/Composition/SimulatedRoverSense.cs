namespace EdgeAutonomy.Host;

/// <summary>Keys of the simulated rover's sensors.</summary>
public sealed class SimulatedRoverSense : SenseSection
{
    /// <summary>Gets the scenario.</summary>
    [Option("Scenario of the built-in world; its seed is Robot:Seed.", Choices = "default,corridor,crowd,empty,gate")]
    public string Scenario { get; init; } = "default";

    /// <summary>Gets the scenario file that goes before <see cref="Scenario"/>.</summary>
    [Option("A scenario file in JSON instead of a built-in one.", IsFile = true)]
    public string ScenarioFile { get; init; } = "";

    /// <summary>Gets whether the rover has a range sensor beside its camera.</summary>
    [Option("Whether the rover has a range sensor beside its event camera.")]
    public bool Ranging { get; init; } = true;

    /// <summary>Gets whether the rover's event camera is on.</summary>
    [Option("Whether the rover's event camera is on; without it the range sensor alone sees.")]
    public bool Camera { get; init; } = true;
}
