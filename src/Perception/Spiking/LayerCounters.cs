namespace EdgeAutonomy.Perception;

/// <summary>What one layer did since the network was compiled or reset.</summary>
/// <param name="Name">The node's path.</param>
/// <param name="Type">What it is.</param>
/// <param name="Neurons">Its elements.</param>
/// <param name="Spikes">Spikes sent; an integer spike counts as many as it says, a real value that is not 0 counts one.</param>
/// <param name="SynapticOperations">Weights added for inputs that were not 0.</param>
/// <param name="DenseSteps">How often synapses into it walked over all inputs.</param>
/// <param name="SparseSteps">How often they walked over the active ones.</param>
public readonly record struct LayerCounters(string Name, NirNodeType Type, int Neurons, long Spikes, long SynapticOperations, long DenseSteps, long SparseSteps);
