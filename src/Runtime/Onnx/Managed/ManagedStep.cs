namespace EdgeAutonomy.Runtime;

/// <summary>One operation of a compiled network: shapes are settled, memory is laid out, nothing is left to decide.</summary>
/// <remarks>Must not allocate, and must give the same bits on every vector width.</remarks>
internal abstract class ManagedStep
{
    /// <summary>Computes the outputs.</summary>
    /// <param name="memory">The network's memory, to which the step's slots refer.</param>
    public abstract void Run(Span<float> memory);
}
