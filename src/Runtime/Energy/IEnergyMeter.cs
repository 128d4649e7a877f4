namespace EdgeAutonomy.Runtime;

/// <summary>Tells how much energy a cycle took.</summary>
/// <remarks>Called once per cycle on the loop thread; must not block or allocate. A meter that reads a slow device samples it on a thread
/// of its own and answers from the newest sample.</remarks>
public interface IEnergyMeter
{
    /// <summary>Gets how the figures come about, for the log: "model" or the device's name.</summary>
    string Source { get; }

    /// <summary>Returns the energy of the cycle that just ended.</summary>
    Energy Read(in EnergyLoad load);
}
