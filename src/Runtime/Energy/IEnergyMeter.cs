namespace EdgeAutonomy.Runtime;

/// <summary>Tells what a cycle cost.</summary>
public interface IEnergyMeter
{
    /// <summary>Returns the energy of the cycle that just ended. Loop thread; must not allocate or block.</summary>
    Energy Measure(Cycle cycle);
}
