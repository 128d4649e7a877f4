using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>ONNX Runtime: where its library is, and what may run on which device.</summary>
public sealed class OnnxSection
{
    /// <summary>Gets the library.</summary>
    [Option("ONNX Runtime's library; empty = the program's folder, then the system's.")]
    public string LibraryPath { get; init; } = "";

    /// <summary>Gets the execution providers.</summary>
    [Option("Execution providers in the order in which they may take operators, such as [\"TensorRT\", \"CUDA\", \"CPU\"]. One that does not work is left out with a line in the log.")]
    public string[] Providers { get; init; } = ["CPU"];

    /// <summary>Returns the settings of an engine.</summary>
    /// <param name="engine">Which engine runs the network.</param>
    public InferenceOptions ToOptions(InferenceChoice engine) => new() { Engine = engine, LibraryPath = LibraryPath.Length > 0 ? LibraryPath : null, Providers = Providers };
}
