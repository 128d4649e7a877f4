namespace EdgeAutonomy.Runtime;

/// <summary>A world that can be moved forward in lockstep with a simulated clock.</summary>
public interface ISimulated
{
    /// <summary>Moves the world to an instant; an instant in the past changes nothing.</summary>
    void AdvanceTo(Stamp target);
}
