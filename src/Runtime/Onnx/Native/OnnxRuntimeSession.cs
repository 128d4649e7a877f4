using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>The library's objects of one loaded network: session, values over our buffers, and their binding; released in the order that the library wants.</summary>
/// <remarks>A safe handle, so that they go even when nobody disposes of the engine. It refers to the buffers, which therefore outlive the values.</remarks>
internal sealed unsafe class OnnxRuntimeSession : SafeHandle
{
    private readonly OnnxRuntimeLibrary _library;
    private readonly OnnxRuntimeApi _api;
    private readonly List<nint> _values = [];
    private readonly List<AlignedBuffer> _buffers = [];
    private nint _options, _memoryInfo, _binding;

    public OnnxRuntimeSession(OnnxRuntimeLibrary library)
        : base(0, ownsHandle: true)
    {
        _library = library;
        _api = library.Api;
        _options = _api.Create(OnnxRuntimeFunction.CreateSessionOptions);
        // A handle of 0 would not be released; from here on the options must be.
        SetHandle(_options);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    public nint Session { get; private set; }

    public nint Options => _options;

    public nint Binding => _binding;

    /// <summary>Sets what every session of ours has: one thread, the caller's own, and all optimisations.</summary>
    public void Configure()
    {
        _api.Set(OnnxRuntimeFunction.SetIntraOpNumThreads, _options, 1);
        _api.Set(OnnxRuntimeFunction.SetInterOpNumThreads, _options, 1);
        _api.Set(OnnxRuntimeFunction.SetSessionGraphOptimizationLevel, _options, 99);
        // Waiting threads would spin and steal the control loop's core.
        _api.AddConfiguration(_options, "session.intra_op.allow_spinning\0"u8, "0\0"u8);
        _api.AddConfiguration(_options, "session.inter_op.allow_spinning\0"u8, "0\0"u8);
    }

    public void Load(ReadOnlySpan<byte> model)
    {
        Session = _api.CreateSession(_library.Environment, model, _options);
        _memoryInfo = _api.CreateCpuMemoryInfo();
        _binding = _api.Create(OnnxRuntimeFunction.CreateIoBinding, Session);
    }

    /// <summary>Gets the names, kinds and shapes of the inputs or of the outputs.</summary>
    public List<OnnxValue> Describe(bool inputs)
    {
        nint allocator = _api.Create(OnnxRuntimeFunction.GetAllocatorWithDefaultOptions); // the library's own, never released
        int count = _api.Count(inputs ? OnnxRuntimeFunction.SessionGetInputCount : OnnxRuntimeFunction.SessionGetOutputCount, Session);
        var values = new List<OnnxValue>();
        for (int i = 0; i < count; i++)
        {
            string name = _api.Name(inputs ? OnnxRuntimeFunction.SessionGetInputName : OnnxRuntimeFunction.SessionGetOutputName, Session, i, allocator);
            nint type = _api.Create(inputs ? OnnxRuntimeFunction.SessionGetInputTypeInfo : OnnxRuntimeFunction.SessionGetOutputTypeInfo, Session, i);
            try
            {
                nint tensor = _api.Create(OnnxRuntimeFunction.CastTypeInfoToTensorInfo, type); // borrowed: goes with the type
                var (element, shape) = tensor == 0 ? (OnnxElement.Undefined, null) : _api.Describe(tensor);
                values.Add(new OnnxValue(name, element, shape));
            }
            finally
            {
                _api.Release(OnnxRuntimeFunction.ReleaseTypeInfo, type);
            }
        }
        return values;
    }

    /// <summary>Makes a value over a buffer of ours.</summary>
    public nint Value(AlignedBuffer buffer, IReadOnlyList<int> shape)
    {
        // Sound: the buffer is a pinned array that this handle keeps.
        _buffers.Add(buffer);
        long[] extents = [.. shape.Select(n => (long)n)];
        fixed (float* first = &buffer.First) _values.Add(_api.CreateTensor(_memoryInfo, first, buffer.Count, extents));
        return _values[^1];
    }

    public void Bind(bool input, string name, nint value)
    {
        var function = input ? OnnxRuntimeFunction.BindInput : OnnxRuntimeFunction.BindOutput;
        _api.Check(_api.Bind(function, _binding, name, value), function);
    }

    /// <summary>Runs once and gives the shapes that come out, for networks whose file leaves them open.</summary>
    public List<(OnnxElement Element, long[] Shape)> RunForShapes(IReadOnlyList<InferenceTensor> inputs, IReadOnlyList<string> outputs)
    {
        nint[] made = _api.Run(Session, [.. inputs.Select(i => i.Name)], [.. _values], outputs);
        var shapes = new List<(OnnxElement, long[])>();
        foreach (nint value in made)
        {
            nint info = _api.Create(OnnxRuntimeFunction.GetTensorTypeAndShape, value);
            shapes.Add(_api.Describe(info));
            _api.Release(OnnxRuntimeFunction.ReleaseTensorTypeAndShapeInfo, info);
            _api.Release(OnnxRuntimeFunction.ReleaseValue, value);
        }
        return shapes;
    }

    public void Run()
    {
        // No reference is taken on the handle: the engine is used by one thread, which also disposes of it.
        nint status = ((delegate* unmanaged[Cdecl]<nint, nint, nint, nint>)_api.Pointer(OnnxRuntimeFunction.RunWithBinding))(Session, 0, _binding);
        _api.Check(status, OnnxRuntimeFunction.RunWithBinding);
        // Else the collector could take this object, and its finalizer the session, while the library is still at work.
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _api.Release(OnnxRuntimeFunction.ReleaseIoBinding, _binding);
        foreach (nint value in _values) _api.Release(OnnxRuntimeFunction.ReleaseValue, value);
        _api.Release(OnnxRuntimeFunction.ReleaseMemoryInfo, _memoryInfo);
        _api.Release(OnnxRuntimeFunction.ReleaseSession, Session);
        _api.Release(OnnxRuntimeFunction.ReleaseSessionOptions, _options);
        (_options, _memoryInfo, _binding, Session) = (0, 0, 0, 0);
        _values.Clear();
        return true;
    }
}
