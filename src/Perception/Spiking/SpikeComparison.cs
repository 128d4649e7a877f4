namespace EdgeAutonomy.Perception;

/// <summary>Whether a membrane exactly at the threshold spikes. It matters where weights and inputs are whole numbers.</summary>
public enum SpikeComparison
{
    /// <summary>v &gt; θ, as NIR, norse and snnTorch have it.</summary>
    Above,

    /// <summary>v ≥ θ, as SpikingJelly has it.</summary>
    AtOrAbove,
}
