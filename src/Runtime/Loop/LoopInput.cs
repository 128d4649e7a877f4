namespace EdgeAutonomy.Runtime;

/// <summary>One input from outside: queued by any one thread, drained at the start of a cycle, recorded, applied there.</summary>
public struct LoopInput
{
    /// <summary>What it is.</summary>
    public LoopInputKind Kind;

    /// <summary>Its value; the meaning depends on the kind.</summary>
    public double Value;

    /// <summary>The sensing request of <see cref="LoopInputKind.Sensing"/>.</summary>
    public SensingRequest Request;

    /// <summary>When it arrived.</summary>
    public Stamp Arrived;
}
