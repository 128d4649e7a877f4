using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Simulation;

/// <summary>When a fault is present: from an instant on, until another or for good.</summary>
/// <param name="From">First instant of the fault.</param>
/// <param name="Until">First instant without it.</param>
public readonly record struct FaultWindow(Stamp From, Stamp Until)
{
    /// <summary>Makes a fault that stays.</summary>
    public FaultWindow(Stamp from)
        : this(from, new Stamp(long.MaxValue)) { }

    /// <summary>Tells whether the fault is present.</summary>
    public bool Contains(Stamp now) => now >= From && now < Until;
}
