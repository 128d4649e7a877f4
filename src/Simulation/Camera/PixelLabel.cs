namespace EdgeAutonomy.Simulation;

/// <summary>Where a simulated event came from; known only to the simulation.</summary>
public enum PixelLabel : byte
{
    /// <summary>From the scene (or the leak).</summary>
    Signal = 0,

    /// <summary>From shot noise or a hot pixel.</summary>
    Noise = 1,
}
