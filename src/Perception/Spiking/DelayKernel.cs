namespace EdgeAutonomy.Perception;

/// <summary>How synapses with delays of their own are computed. Sums differ in order, so membranes may differ by rounding; everything else is the same.</summary>
public enum DelayKernel
{
    /// <summary>The ring where fewer than one weight in ten is not zero, or where the input is not only zeros and ones; else the history.</summary>
    Auto,

    /// <summary>Each input keeps a word of its latest spikes, each synapse picks its bit.</summary>
    History,

    /// <summary>Each spike adds its weights into a ring of future sums.</summary>
    Ring,
}
