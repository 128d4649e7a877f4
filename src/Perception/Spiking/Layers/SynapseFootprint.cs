namespace EdgeAutonomy.Perception;

/// <summary>What one set of synapses is to the energy model.</summary>
/// <param name="Kind">Linear, convolution, or neither (direct, pooling).</param>
/// <param name="FanOut">Outputs that one input reaches at most: outputs of a linear layer; output channels of a group times kernel size of a convolution.</param>
/// <param name="Parameters">The weights, zeros included.</param>
/// <param name="ParameterBytes">Their bytes.</param>
/// <param name="WeightBytes">Bytes of one weight.</param>
/// <param name="DenseOperations">Products of the whole layer, done densely.</param>
/// <param name="OutputChannels">Output channels times kernel size of a convolution, for the addresses of real-valued input.</param>
internal sealed record SynapseFootprint(SynapseFamily Kind, long FanOut, long Parameters, long ParameterBytes, int WeightBytes, long DenseOperations, long OutputChannels = 0);

/// <summary>The families that the energy model treats apart.</summary>
internal enum SynapseFamily
{
    Linear,
    Convolution,
    Direct,
}
