namespace EdgeAutonomy.Host;

/// <summary>Keys of the simulated rover's wheels.</summary>
public sealed class SimulatedRoverAct : ActSection
{
    /// <summary>Gets the port that gets every command as well.</summary>
    [Option("UDP port on this machine that gets every command as well, such as `edge motor`; 0 = none.", Min = 0, Max = 65_535)]
    public int MirrorPort { get; init; }
}
