namespace EdgeAutonomy.Learning;

/// <summary>What a spike does to the membrane, in the step of the spike.</summary>
public enum MembraneReset
{
    /// <summary>v ← v_reset.</summary>
    Hard,

    /// <summary>v ← v − θ.</summary>
    Soft,
}
