namespace EdgeAutonomy.Runtime;

/// <summary>A network that is ready to run: numbers go into its inputs, <see cref="Run"/> computes, numbers come out of its outputs.</summary>
/// <remarks>
/// Shapes are fixed when the engine is made; dimensions that the model leaves open, such as the batch, are 1. The buffers belong to the engine, stay in
/// place, begin at a multiple of 64 bytes and are zero at first. An engine keeps nothing from one run to the next: a recurrent network takes its state as an input and
/// gives it as an output, and the caller copies it, freezes it and hashes it. One thread at a time. <see cref="Run"/> allocates nothing.
/// The interface names no library, so an adapter to another one is a class of 30 lines.
/// </remarks>
public interface IInferenceEngine : IDisposable
{
    /// <summary>Gets the engine's name: "managed", "onnxruntime" …</summary>
    string Name { get; }

    /// <summary>Gets the version of what computes.</summary>
    string Version { get; }

    /// <summary>Gets the execution providers in use, in the order in which they are asked; the last one computes what no other can.</summary>
    IReadOnlyList<string> ProvidersActive { get; }

    /// <summary>Gets what goes in.</summary>
    IReadOnlyList<InferenceTensor> Inputs { get; }

    /// <summary>Gets what comes out.</summary>
    IReadOnlyList<InferenceTensor> Outputs { get; }

    /// <summary>Gets whether equal inputs give equal bits on every machine, so that a replay elsewhere is exact.</summary>
    bool IsReproducible { get; }

    /// <summary>Gets the buffer of an input; write it before <see cref="Run"/>. What was written stays until it is overwritten.</summary>
    /// <param name="index">Index into <see cref="Inputs"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
    Span<float> Input(int index = 0);

    /// <summary>Gets the buffer of an output as the last <see cref="Run"/> left it.</summary>
    /// <param name="index">Index into <see cref="Outputs"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
    ReadOnlySpan<float> Output(int index = 0);

    /// <summary>Computes all outputs from all inputs, on the calling thread.</summary>
    /// <exception cref="InvalidOperationException">The library behind the engine failed; the message is its own.</exception>
    /// <exception cref="ObjectDisposedException">The engine is disposed.</exception>
    void Run();

    /// <summary>Finds an input by its name.</summary>
    /// <returns>Its index; −1 where there is none.</returns>
    int FindInput(string name) => Find(Inputs, name);

    /// <summary>Finds an output by its name.</summary>
    /// <returns>Its index; −1 where there is none.</returns>
    int FindOutput(string name) => Find(Outputs, name);

    private static int Find(IReadOnlyList<InferenceTensor> tensors, string name)
    {
        for (int i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Name == name) return i;
        }
        return -1;
    }
}
