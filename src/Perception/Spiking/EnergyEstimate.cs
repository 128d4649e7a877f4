namespace EdgeAutonomy.Perception;

/// <summary>An estimate, in joules, of what a network's steps would cost on dedicated hardware in 45 nm. Not what this processor uses: measure that.</summary>
/// <remarks>Two models: all terms after Lemaire et al. (arXiv 2210.13107) with the constants of SpikingJelly's counter, and the older habit of counting arithmetic only.
/// The terms of memory are the larger ones; an estimate without them flatters sparse networks.</remarks>
/// <param name="Steps">The steps it covers.</param>
/// <param name="Operations">Additions and products of synapses and neurons.</param>
/// <param name="Addressing">Working out where to read and add.</param>
/// <param name="InOut">Reading and writing spikes and activations.</param>
/// <param name="Parameters">Reading weights.</param>
/// <param name="Potentials">Reading and writing the state of all neurons, each step, whether or not anything spiked.</param>
/// <param name="ArithmeticOnly">The older model: additions for spikes, products for real values, nothing else.</param>
/// <param name="SynapticOperations">Additions of weights.</param>
/// <param name="Products">Products of weights and values.</param>
public sealed record EnergyEstimate(
    long Steps, double Operations, double Addressing, double InOut, double Parameters, double Potentials, double ArithmeticOnly, long SynapticOperations, long Products)
{
    /// <summary>Gets the sum of all terms.</summary>
    public double Total => Operations + Addressing + InOut + Parameters + Potentials;
}
