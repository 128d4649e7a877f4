namespace EdgeAutonomy.Perception;

/// <summary>How a time constant becomes a factor per step.</summary>
public enum SpikeDiscretisation
{
    /// <summary>a = 1 − dt/τ, g = (dt/τ)·R: what most tools that write NIR mean.</summary>
    Euler,

    /// <summary>a = e^(−dt/τ), g = (1 − a)·R: exact for an input that is constant over the step.</summary>
    Exponential,
}
