namespace EdgeAutonomy.Runtime;

/// <summary>Appends execution providers to a session by the names that users write.</summary>
internal static class OnnxRuntimeProviders
{
    /// <summary>The provider that is always there, and always last.</summary>
    public const string Cpu = "CPU";

    /// <summary>Appends what works; says in one line each what does not.</summary>
    /// <returns>The names of those that are active, in order; CPU last.</returns>
    public static List<string> Append(OnnxRuntimeLibrary library, nint options, InferenceOptions wanted, Action<InferenceFinding>? log)
    {
        var active = new List<string>();
        foreach (string provider in wanted.Providers)
        {
            if (Is(provider, Cpu)) break; // takes every operator, so that later ones would get nothing
            if (Find(library, provider) is not { } compiled)
            {
                log?.Invoke(new InferenceFinding(true, $"The provider {provider} is left out: {library.Path} was built with {string.Join(", ", library.Providers)}."));
                continue;
            }
            var settings = wanted.ProviderSettings.GetValueOrDefault(provider) ?? new Dictionary<string, string>();
            if (library.Api.Take(Append(library.Api, options, compiled, settings)) is { } error)
                log?.Invoke(new InferenceFinding(true, $"The provider {provider} is left out: {error.Text}"));
            else active.Add(provider);
        }
        active.Add(Cpu);
        return active;
    }

    private static nint Append(OnnxRuntimeApi api, nint options, string compiled, IReadOnlyDictionary<string, string> settings) => compiled switch
    {
        "CUDAExecutionProvider" => api.AppendProvider(
            options, OnnxRuntimeFunction.CreateCudaOptions, OnnxRuntimeFunction.UpdateCudaOptions, OnnxRuntimeFunction.AppendCuda, OnnxRuntimeFunction.ReleaseCudaOptions, settings),
        "TensorrtExecutionProvider" => api.AppendProvider(
            options, OnnxRuntimeFunction.CreateTensorRtOptions, OnnxRuntimeFunction.UpdateTensorRtOptions, OnnxRuntimeFunction.AppendTensorRt, OnnxRuntimeFunction.ReleaseTensorRtOptions, settings),
        "WebGpuExecutionProvider" => api.AppendProvider(options, "WebGPU", settings),
        "XnnpackExecutionProvider" => api.AppendProvider(options, "XNNPACK", settings),
        _ => api.AppendProvider(options, compiled[..^Suffix.Length], settings),
    };

    private const string Suffix = "ExecutionProvider";

    private static string? Find(OnnxRuntimeLibrary library, string provider) =>
        library.Providers.FirstOrDefault(p => Is(p, provider) || Is(p, provider + Suffix));

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
