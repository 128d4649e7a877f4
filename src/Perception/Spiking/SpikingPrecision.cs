using System.Diagnostics.CodeAnalysis;

namespace EdgeAutonomy.Perception;

/// <summary>How the weights of Linear, Affine and convolution nodes are kept.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "The kinds of number are what this chooses between; the field calls them so.")]
public enum SpikingPrecision
{
    /// <summary>IEEE 754, 32 bit.</summary>
    Float32,

    /// <summary>
    /// Eight bits with one scale per output, summed in whole numbers: a quarter of the memory, and sums that no order can change. Holds for what spikes drive;
    /// a layer behind a real-valued signal, or with a delay per synapse, stays at 32 bits.
    /// </summary>
    Int8,
}
