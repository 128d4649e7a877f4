using EdgeAutonomy.Perception;

namespace EdgeAutonomy.Host;

/// <summary>Keys of the rover's perception.</summary>
public sealed class RoverPerceive : PerceiveSection
{
    /// <summary>Gets how range and time to contact come out of events.</summary>
    [Option("How range and time to contact come out of events: Spiking by the trained network of delayed synapses beside a search for ranges, Dotie by the search alone. Boxes come from DOTIE in both.")]
    public PerceptionKind Perception { get; init; } = PerceptionKind.Spiking;

    /// <summary>Gets the trained network.</summary>
    [Option("Under Spiking: the trained motion network, by the name of one that ships or as a file.", IsModel = true)]
    public string Model { get; init; } = "motion";
}
