namespace EdgeAutonomy.Perception;

/// <summary>Whether a layer walks over the spikes that came or over all inputs. The result is the same bit for bit.</summary>
public enum SpikingPath
{
    /// <summary>Each step takes what is cheaper for the number of spikes at hand, by stored constants and never by the clock.</summary>
    Auto,

    /// <summary>All inputs, where the layer has such a kernel.</summary>
    Dense,

    /// <summary>Only the spikes.</summary>
    Sparse,
}
