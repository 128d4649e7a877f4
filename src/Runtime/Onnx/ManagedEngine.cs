namespace EdgeAutonomy.Runtime;

/// <summary>Runs ONNX networks in managed code: no native library, no allocation, the same bits on every machine and vector width.</summary>
/// <remarks>
/// For policies and small perception networks, where the fixed cost of a general library is greater than the network's. Operators: Gemm, MatMul, Conv (one and two axes,
/// groups, dilations), MaxPool, AveragePool, GlobalAveragePool, BatchNormalization, LayerNormalization, Softmax, GRU, Add, Sub, Mul, Div, Max, Min, comparisons,
/// Relu, LeakyRelu, Elu, Tanh, Sigmoid, HardSigmoid, Exp, Neg, Abs, Clip, Concat, Transpose, Reshape, Flatten, Squeeze, Unsqueeze, Identity, Dropout, Cast,
/// Constant. Numbers are float32. Weights are packed once; sums go in a fixed order and nothing is fused, so results differ from other engines in the last bits.
/// All shapes are settled when the engine is made; memory is bounded at 256 MB.
/// </remarks>
public sealed class ManagedEngine : IInferenceEngine
{
    /// <summary>The name of this engine.</summary>
    public const string EngineName = "managed";

    private readonly ManagedProgram _program;
    private readonly AlignedBuffer _memory;
    private bool _disposed;

    /// <summary>Compiles a network.</summary>
    /// <param name="model">The network.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="InvalidDataException">The network contradicts itself, or a weight is NaN.</exception>
    /// <exception cref="NotSupportedException">It needs an operator or a setting that this engine does not know; the message names it.</exception>
    public ManagedEngine(OnnxModel model, string source = "model")
    {
        ArgumentNullException.ThrowIfNull(model);
        _program = ManagedCompiler.Compile(model, source);
        _memory = new AlignedBuffer(_program.MemoryCount);
        foreach (var (slot, tensor) in _program.Constants) tensor.Singles.CopyTo(slot.In(_memory.Span));
        Inputs = [.. _program.Inputs.Select(i => i.Tensor)];
        Outputs = [.. _program.Outputs.Select(o => o.Tensor)];
    }

    /// <summary>Gets the operators that this engine knows.</summary>
    public static IEnumerable<string> Operators => ManagedOperators.Names;

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public string Version { get; } = typeof(ManagedEngine).Assembly.GetName().Version!.ToString(3);

    /// <inheritdoc/>
    public IReadOnlyList<string> ProvidersActive { get; } = ["CPU"];

    /// <inheritdoc/>
    public IReadOnlyList<InferenceTensor> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<InferenceTensor> Outputs { get; }

    /// <inheritdoc/>
    public bool IsReproducible => true;

    /// <inheritdoc/>
    public Span<float> Input(int index = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_program.Inputs.Count, nameof(index));
        return _program.Inputs[index].Slot.In(_memory.Span);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Output(int index = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_program.Outputs.Count, nameof(index));
        return _program.Outputs[index].Slot.In(_memory.Span);
    }

    /// <inheritdoc/>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var memory = _memory.Span;
        foreach (var step in _program.Steps) step.Run(memory);
    }

    /// <inheritdoc/>
    public void Dispose() => _disposed = true;
}
