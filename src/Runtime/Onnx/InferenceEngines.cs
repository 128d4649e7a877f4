namespace EdgeAutonomy.Runtime;

/// <summary>Makes the engine that the configuration asks for.</summary>
public static class InferenceEngines
{
    /// <summary>Makes an engine for a network.</summary>
    /// <param name="model">The content of the .onnx file.</param>
    /// <param name="source">Where it comes from, for messages: the file's name.</param>
    /// <param name="options">Which engine, library and providers; null = defaults.</param>
    /// <param name="log">Told, once each, what was found, chosen and left out; null = nobody.</param>
    /// <exception cref="InvalidDataException">The network is damaged or contradicts itself.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not know an operator of the network; the message names it.</exception>
    /// <exception cref="DllNotFoundException">ONNX Runtime is asked for and its library is not found.</exception>
    public static IInferenceEngine Create(ReadOnlySpan<byte> model, string source = "model", InferenceOptions? options = null, Action<InferenceFinding>? log = null) =>
        Create(model, source, options ?? new InferenceOptions(), OnnxRuntimeLibrary.Candidates(options?.LibraryPath), log);

    // The tests say where to look: the loader finds a library again by its bare name once any test has loaded it.
    internal static IInferenceEngine Create(ReadOnlySpan<byte> model, string source, InferenceOptions options, IEnumerable<string> candidates, Action<InferenceFinding>? log)
    {
        if (options.Engine == InferenceChoice.Managed) return new ManagedEngine(OnnxModel.Read(model, source), source);
        if (OnnxRuntimeEngine.TryCreate(model, source, options, candidates, log) is { } engine)
        {
            log?.Invoke(new InferenceFinding(false, $"{source} runs in ONNX Runtime {engine.Version} ({engine.LibraryPath}) on {string.Join(", ", engine.ProvidersActive)}."));
            return engine;
        }
        string sought = string.Join(", ", candidates);
        if (options.Engine == InferenceChoice.Onnx)
            throw new DllNotFoundException($"{source}: the engine is set to onnx and ONNX Runtime is not found; looked for {sought}. Install it, set Onnx:LibraryPath, or set the engine to managed.");
        log?.Invoke(new InferenceFinding(false, $"{source} runs in the managed engine: ONNX Runtime is not found (looked for {sought})."));
        return new ManagedEngine(OnnxModel.Read(model, source), source);
    }
}
