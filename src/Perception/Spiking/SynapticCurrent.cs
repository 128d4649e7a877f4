namespace EdgeAutonomy.Perception;

/// <summary>Which synaptic current enters the membrane of a CubaLIF or CubaLI neuron.</summary>
public enum SynapticCurrent
{
    /// <summary>The one that this step's input has changed already, as snnTorch's Synaptic has it.</summary>
    New,

    /// <summary>The one of the step before, as NIR's own debugging script has it: one step later.</summary>
    Old,
}
