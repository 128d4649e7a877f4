namespace EdgeAutonomy.Perception;

/// <summary>What is done to the numbers of an event frame before a network sees them.</summary>
public enum EventFrameScale
{
    /// <summary>Nothing: counts are counts.</summary>
    None,

    /// <summary>Divided by the greatest magnitude in the frame; an empty frame stays zero.</summary>
    Peak,

    /// <summary>The cells that are not zero brought to mean 0 and deviation 1, as the published event networks do; cells without events stay zero.</summary>
    Deviation,
}
