namespace EdgeAutonomy.Runtime;

/// <summary>Runs ONNX networks with ONNX Runtime, through its C interface; the library is found when the program runs.</summary>
/// <remarks>
/// For larger networks, operators that <see cref="ManagedEngine"/> does not know, and GPUs. One thread per session, the caller's own, with buffers bound once:
/// <see cref="Run"/> allocates no managed memory. Results may differ in the last bits between machines, builds and providers; a replay that must be exact needs the
/// managed engine. The library writes nothing to standard error short of its own end; what fails comes as an exception or a finding.
/// </remarks>
public sealed class OnnxRuntimeEngine : IInferenceEngine
{
    /// <summary>The name of this engine.</summary>
    public const string EngineName = "onnxruntime";

    private const long MaxCount = 1 << 28; // 1 GB a buffer

    private readonly OnnxRuntimeSession _session;
    private readonly AlignedBuffer[] _inputs, _outputs;

    private OnnxRuntimeEngine(OnnxRuntimeLibrary library, ReadOnlySpan<byte> model, string source, InferenceOptions options, Action<InferenceFinding>? log)
    {
        Version = library.Version;
        LibraryPath = library.Path;
        _session = new OnnxRuntimeSession(library);
        try
        {
            _session.Configure();
            ProvidersActive = OnnxRuntimeProviders.Append(library, _session.Options, options, log);
            _session.Load(model);
            Inputs = [.. _session.Describe(inputs: true).Select(v => Fixed(v, source))];
            _inputs = [.. Inputs.Select(i => new AlignedBuffer(i.Count))];
            for (int i = 0; i < _inputs.Length; i++) _session.Bind(true, Inputs[i].Name, _session.Value(_inputs[i], Inputs[i].Shape));
            Outputs = DescribeOutputs(source);
            _outputs = [.. Outputs.Select(o => new AlignedBuffer(o.Count))];
            for (int i = 0; i < _outputs.Length; i++) _session.Bind(false, Outputs[i].Name, _session.Value(_outputs[i], Outputs[i].Shape));
            // A network that fails on zeros fails now and not in the first control cycle; providers also compile on the first run.
            _session.Run();
        }
        catch (InvalidOperationException e)
        {
            _session.Dispose();
            throw new InvalidDataException($"{source}: {e.Message}", e);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
        foreach (var output in _outputs) output.Span.Clear();
    }

    /// <inheritdoc/>
    public string Name => EngineName;

    /// <inheritdoc/>
    public string Version { get; }

    /// <summary>Gets the library's file, or the name that the system's loader resolved.</summary>
    public string LibraryPath { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ProvidersActive { get; }

    /// <inheritdoc/>
    public IReadOnlyList<InferenceTensor> Inputs { get; }

    /// <inheritdoc/>
    public IReadOnlyList<InferenceTensor> Outputs { get; }

    /// <inheritdoc/>
    public bool IsReproducible => false;

    /// <summary>Loads a network.</summary>
    /// <param name="model">The content of the .onnx file; may use operators that <see cref="OnnxModel"/> does not know.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <param name="options">Library and providers; null = defaults.</param>
    /// <param name="log">Told about libraries and providers that do not work; null = nobody.</param>
    /// <returns>Null where no library is found.</returns>
    /// <exception cref="InvalidDataException">The library refuses the network, or it takes or gives other numbers than float32.</exception>
    public static OnnxRuntimeEngine? TryCreate(ReadOnlySpan<byte> model, string source = "model", InferenceOptions? options = null, Action<InferenceFinding>? log = null) =>
        TryCreate(model, source, options ?? new InferenceOptions(), OnnxRuntimeLibrary.Candidates(options?.LibraryPath), log);

    internal static OnnxRuntimeEngine? TryCreate(ReadOnlySpan<byte> model, string source, InferenceOptions options, IEnumerable<string> candidates, Action<InferenceFinding>? log)
    {
        var library = OnnxRuntimeLibrary.Find(options.LibraryPath, candidates, reason => log?.Invoke(new InferenceFinding(true, $"ONNX Runtime is not used: {reason}.")));
        return library is null ? null : new OnnxRuntimeEngine(library, model, source, options, log);
    }

    /// <inheritdoc/>
    public Span<float> Input(int index = 0)
    {
        ObjectDisposedException.ThrowIf(_session.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_inputs.Length, nameof(index));
        return _inputs[index].Span;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> Output(int index = 0)
    {
        ObjectDisposedException.ThrowIf(_session.IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_outputs.Length, nameof(index));
        return _outputs[index].Span;
    }

    /// <inheritdoc/>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_session.IsClosed, this);
        _session.Run();
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private List<InferenceTensor> DescribeOutputs(string source)
    {
        var stated = _session.Describe(inputs: false);
        if (stated.TrueForAll(v => v.Shape is not null && v.Shape.All(n => n >= 0))) return [.. stated.Select(v => Fixed(v, source))];
        // What the file leaves open follows from the inputs; the library knows after a run.
        var shapes = _session.RunForShapes(Inputs, [.. stated.Select(v => v.Name)]);
        return [.. stated.Select((v, i) => Fixed(new OnnxValue(v.Name, shapes[i].Element, shapes[i].Shape), source))];
    }

    private static InferenceTensor Fixed(OnnxValue value, string source)
    {
        if (value.Element != OnnxElement.F32 || value.Shape is null) throw new InvalidDataException($"{source}: '{value.Name}' is of {value.Element}; inputs and outputs must be tensors of F32.");
        int[] shape = [.. value.Shape.Select(n => n < 0 ? 1 : (int)Math.Min(n, int.MaxValue))];
        long count = OnnxTensor.CountOf([.. shape.Select(n => (long)n)]);
        if (count is < 1 or > MaxCount) throw new InvalidDataException($"{source}: {value} holds {(count < 0 ? "too many" : count)} numbers, must be in [1, {MaxCount}].");
        return new InferenceTensor(value.Name, shape);
    }
}
