namespace EdgeAutonomy.Host;

/// <summary>Keys of the simulated rover's wheels.</summary>
public sealed class SimulatedRoverAct : ActSection;
