namespace EdgeAutonomy.Runtime;

/// <summary>How an engine is chosen and set up.</summary>
public sealed record InferenceOptions
{
    /// <summary>Gets which engine runs the network; default <see cref="InferenceChoice.Managed"/>, which replays exactly.</summary>
    public InferenceChoice Engine { get; init; }

    /// <summary>Gets the file of ONNX Runtime's library; null = the application's folder, then the system's loader.</summary>
    public string? LibraryPath { get; init; }

    /// <summary>
    /// Gets the execution providers of ONNX Runtime in the order in which they may take operators, such as ["TensorRT", "CUDA", "CPU"]; default ["CPU"]. What does not
    /// work is left out with one line. The CPU takes the rest in any case.
    /// </summary>
    /// <remarks>Below about a million multiplications a run, a GPU is slower than the 2 µs that the CPU takes.</remarks>
    public IReadOnlyList<string> Providers { get; init; } = [OnnxRuntimeProviders.Cpu];

    /// <summary>Gets settings of single providers by the provider's name, such as "CUDA": {"device_id": "0"}; keys are those of ONNX Runtime.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> ProviderSettings { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();
}
