using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Policies.Tests;

/// <summary>An engine that gives no numbers any more once it is broken.</summary>
internal sealed class BreakableEngine(IInferenceEngine inner) : IInferenceEngine
{
    private readonly float[] _nothing = [.. Enumerable.Repeat(float.NaN, inner.Outputs[0].Count)];

    public bool IsBroken { get; set; }

    public string Name => inner.Name;

    public string Version => inner.Version;

    public IReadOnlyList<string> ProvidersActive => inner.ProvidersActive;

    public IReadOnlyList<InferenceTensor> Inputs => inner.Inputs;

    public IReadOnlyList<InferenceTensor> Outputs => inner.Outputs;

    public bool IsReproducible => inner.IsReproducible;

    public Span<float> Input(int index = 0) => inner.Input(index);

    public ReadOnlySpan<float> Output(int index = 0) => IsBroken ? _nothing : inner.Output(index);

    public void Run() => inner.Run();

    public void Dispose() => inner.Dispose();
}
