namespace EdgeAutonomy.Runtime;

/// <summary>A compiled network.</summary>
/// <param name="Steps">The operations in order.</param>
/// <param name="MemoryCount">How many numbers of memory it needs.</param>
/// <param name="Constants">What must be in the memory before the first run.</param>
/// <param name="Inputs">What goes in.</param>
/// <param name="Outputs">What comes out.</param>
internal sealed record ManagedProgram(
    ManagedStep[] Steps, int MemoryCount, IReadOnlyList<(Slot Slot, OnnxTensor Tensor)> Constants,
    IReadOnlyList<(InferenceTensor Tensor, Slot Slot)> Inputs, IReadOnlyList<(InferenceTensor Tensor, Slot Slot)> Outputs);
