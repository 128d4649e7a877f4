using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>The functions of ONNX Runtime that we call, typed; every status is checked and released.</summary>
/// <remarks>
/// Signatures: onnxruntime_c_api.h, calling convention cdecl on Linux. A function that returns a status returns null for success; else the status owns a text and must be
/// released. Texts go in as UTF-8 with a zero at the end.
/// </remarks>
internal sealed unsafe class OnnxRuntimeApi(void** table)
{
    public void* Pointer(OnnxRuntimeFunction function) => table[(int)function];

    /// <summary>Releases a status and gives its text.</summary>
    /// <returns>Null for success.</returns>
    public (int Code, string Text)? Take(nint status)
    {
        if (status == 0) return null;
        int code = ((delegate* unmanaged[Cdecl]<nint, int>)Pointer(OnnxRuntimeFunction.GetErrorCode))(status);
        byte* text = ((delegate* unmanaged[Cdecl]<nint, byte*>)Pointer(OnnxRuntimeFunction.GetErrorMessage))(status);
        // Some texts hold whole stack traces; one line is a message.
        string message = (Marshal.PtrToStringUTF8((nint)text) ?? "").ReplaceLineEndings(" ").Trim();
        Release(OnnxRuntimeFunction.ReleaseStatus, status);
        return (code, message);
    }

    /// <summary>Throws what a status says, if it says anything.</summary>
    /// <exception cref="InvalidOperationException">The call failed.</exception>
    public void Check(nint status, OnnxRuntimeFunction function)
    {
        if (status != 0) Throw(status, function);
    }

    public void Release(OnnxRuntimeFunction function, nint handle)
    {
        if (handle != 0) ((delegate* unmanaged[Cdecl]<nint, void>)Pointer(function))(handle);
    }

    /// <summary>Calls f(out handle).</summary>
    public nint Create(OnnxRuntimeFunction function)
    {
        nint made = 0;
        Check(((delegate* unmanaged[Cdecl]<nint*, nint>)Pointer(function))(&made), function);
        return made;
    }

    /// <summary>Calls f(owner, out handle).</summary>
    public nint Create(OnnxRuntimeFunction function, nint owner)
    {
        nint made = 0;
        Check(((delegate* unmanaged[Cdecl]<nint, nint*, nint>)Pointer(function))(owner, &made), function);
        return made;
    }

    /// <summary>Calls f(owner, index, out handle).</summary>
    public nint Create(OnnxRuntimeFunction function, nint owner, int index)
    {
        nint made = 0;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint*, nint>)Pointer(function))(owner, (nuint)index, &made), function);
        return made;
    }

    public nint CreateEnvironment(int severity)
    {
        nint made = 0;
        fixed (byte* id = "edge\0"u8)
            Check(((delegate* unmanaged[Cdecl]<int, byte*, nint*, nint>)Pointer(OnnxRuntimeFunction.CreateEnv))(severity, id, &made), OnnxRuntimeFunction.CreateEnv);
        return made;
    }

    /// <summary>Calls f(owner, number).</summary>
    public void Set(OnnxRuntimeFunction function, nint owner, int value) => Check(((delegate* unmanaged[Cdecl]<nint, int, nint>)Pointer(function))(owner, value), function);

    public void AddConfiguration(nint options, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        fixed (byte* k = key, v = value)
            Check(((delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint>)Pointer(OnnxRuntimeFunction.AddSessionConfigEntry))(options, k, v), OnnxRuntimeFunction.AddSessionConfigEntry);
    }

    public nint CreateSession(nint environment, ReadOnlySpan<byte> model, nint options)
    {
        nint made = 0;
        fixed (byte* bytes = model)
        {
            Check(
                ((delegate* unmanaged[Cdecl]<nint, byte*, nuint, nint, nint*, nint>)Pointer(OnnxRuntimeFunction.CreateSessionFromArray))(environment, bytes, (nuint)model.Length, options, &made),
                OnnxRuntimeFunction.CreateSessionFromArray);
        }
        return made;
    }

    public int Count(OnnxRuntimeFunction function, nint owner)
    {
        nuint count = 0;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint*, nint>)Pointer(function))(owner, &count), function);
        return checked((int)count);
    }

    /// <summary>Gets the name of an input or output; the library's copy is freed.</summary>
    public string Name(OnnxRuntimeFunction function, nint session, int index, nint allocator)
    {
        byte* name = null;
        Check(((delegate* unmanaged[Cdecl]<nint, nuint, nint, byte**, nint>)Pointer(function))(session, (nuint)index, allocator, &name), function);
        string text = Marshal.PtrToStringUTF8((nint)name) ?? "";
        Check(((delegate* unmanaged[Cdecl]<nint, void*, nint>)Pointer(OnnxRuntimeFunction.AllocatorFree))(allocator, name), OnnxRuntimeFunction.AllocatorFree);
        return text;
    }

    /// <summary>Gets kind and extents of a TensorTypeAndShapeInfo; −1 = any.</summary>
    public (OnnxElement Element, long[] Shape) Describe(nint tensorInfo)
    {
        int element = 0;
        Check(((delegate* unmanaged[Cdecl]<nint, int*, nint>)Pointer(OnnxRuntimeFunction.GetTensorElementType))(tensorInfo, &element), OnnxRuntimeFunction.GetTensorElementType);
        long[] shape = new long[Count(OnnxRuntimeFunction.GetDimensionsCount, tensorInfo)];
        fixed (long* extents = shape)
            Check(((delegate* unmanaged[Cdecl]<nint, long*, nuint, nint>)Pointer(OnnxRuntimeFunction.GetDimensions))(tensorInfo, extents, (nuint)shape.Length), OnnxRuntimeFunction.GetDimensions);
        return ((OnnxElement)element, shape);
    }

    public nint CreateCpuMemoryInfo()
    {
        nint made = 0;
        // Allocator 0 = the device's own, memory type 0 = default.
        Check(((delegate* unmanaged[Cdecl]<int, int, nint*, nint>)Pointer(OnnxRuntimeFunction.CreateCpuMemoryInfo))(0, 0, &made), OnnxRuntimeFunction.CreateCpuMemoryInfo);
        return made;
    }

    /// <summary>Makes a float32 tensor over memory that stays ours and must stay in place as long as the value.</summary>
    public nint CreateTensor(nint memoryInfo, float* data, long count, ReadOnlySpan<long> shape)
    {
        nint made = 0;
        fixed (long* extents = shape)
        {
            Check(
                ((delegate* unmanaged[Cdecl]<nint, void*, nuint, long*, nuint, int, nint*, nint>)Pointer(OnnxRuntimeFunction.CreateTensorWithDataAsOrtValue))(
                    memoryInfo, data, (nuint)(count * sizeof(float)), extents, (nuint)shape.Length, (int)OnnxElement.F32, &made),
                OnnxRuntimeFunction.CreateTensorWithDataAsOrtValue);
        }
        return made;
    }

    /// <summary>Binds a value to a name.</summary>
    /// <returns>The status, not yet checked: the self-test expects a failure.</returns>
    public nint Bind(OnnxRuntimeFunction function, nint binding, string name, nint value)
    {
        fixed (byte* text = Utf8(name)) return ((delegate* unmanaged[Cdecl]<nint, byte*, nint, nint>)Pointer(function))(binding, text, value);
    }

    /// <summary>Runs a session once and lets the library make the outputs.</summary>
    public nint[] Run(nint session, IReadOnlyList<string> inputs, nint[] values, IReadOnlyList<string> outputs)
    {
        nint[] made = new nint[outputs.Count];
        var texts = inputs.Concat(outputs).Select(n => Marshal.StringToCoTaskMemUTF8(n)).ToArray();
        try
        {
            fixed (nint* names = texts, given = values, results = made)
            {
                Check(
                    ((delegate* unmanaged[Cdecl]<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)Pointer(OnnxRuntimeFunction.Run))(
                        session, 0, names, given, (nuint)values.Length, names + inputs.Count, (nuint)made.Length, results),
                    OnnxRuntimeFunction.Run);
            }
        }
        finally
        {
            foreach (nint text in texts) Marshal.FreeCoTaskMem(text);
        }
        return made;
    }

    /// <summary>Gets the names of the providers that the library was built with; none of them need work.</summary>
    public string[] AvailableProviders()
    {
        byte** names = null;
        int count = 0;
        Check(((delegate* unmanaged[Cdecl]<byte***, int*, nint>)Pointer(OnnxRuntimeFunction.GetAvailableProviders))(&names, &count), OnnxRuntimeFunction.GetAvailableProviders);
        string[] providers = new string[count];
        for (int i = 0; i < count; i++) providers[i] = Marshal.PtrToStringUTF8((nint)names[i]) ?? "";
        Check(((delegate* unmanaged[Cdecl]<byte**, int, nint>)Pointer(OnnxRuntimeFunction.ReleaseAvailableProviders))(names, count), OnnxRuntimeFunction.ReleaseAvailableProviders);
        return providers;
    }

    /// <summary>Appends a provider that has options of its own (CUDA, TensorRT), with the given ones.</summary>
    /// <returns>The status, not yet checked: a provider that does not work here is no error.</returns>
    public nint AppendProvider(
        nint options, OnnxRuntimeFunction create, OnnxRuntimeFunction update, OnnxRuntimeFunction append, OnnxRuntimeFunction release, IReadOnlyDictionary<string, string> settings)
    {
        nint made = 0;
        nint status = ((delegate* unmanaged[Cdecl]<nint*, nint>)Pointer(create))(&made), owner = made;
        if (status == 0 && settings.Count > 0) status = WithTexts(settings, (keys, values) => ((delegate* unmanaged[Cdecl]<nint, nint*, nint*, nuint, nint>)Pointer(update))(owner, (nint*)keys, (nint*)values, (nuint)settings.Count));
        if (status == 0) status = ((delegate* unmanaged[Cdecl]<nint, nint, nint>)Pointer(append))(options, made);
        Release(release, made);
        return status;
    }

    /// <summary>Appends a provider by its name.</summary>
    /// <returns>The status, not yet checked.</returns>
    public nint AppendProvider(nint options, string provider, IReadOnlyDictionary<string, string> settings)
    {
        byte[] name = Utf8(provider);
        return WithTexts(settings, (keys, values) =>
        {
            fixed (byte* text = name)
                return ((delegate* unmanaged[Cdecl]<nint, byte*, nint*, nint*, nuint, nint>)Pointer(OnnxRuntimeFunction.AppendProvider))(options, text, (nint*)keys, (nint*)values, (nuint)settings.Count);
        });
    }

    private static nint WithTexts(IReadOnlyDictionary<string, string> settings, Func<nint, nint, nint> call)
    {
        nint[] keys = [.. settings.Keys.Select(Marshal.StringToCoTaskMemUTF8)], values = [.. settings.Values.Select(Marshal.StringToCoTaskMemUTF8)];
        try
        {
            fixed (nint* k = keys, v = values) return call((nint)k, (nint)v);
        }
        finally
        {
            foreach (nint text in keys.Concat(values)) Marshal.FreeCoTaskMem(text);
        }
    }

    private static byte[] Utf8(string text)
    {
        byte[] bytes = new byte[System.Text.Encoding.UTF8.GetByteCount(text) + 1];
        System.Text.Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    private void Throw(nint status, OnnxRuntimeFunction function)
    {
        var (code, text) = Take(status)!.Value;
        throw new InvalidOperationException($"ONNX Runtime {function} failed with code {code}: {text}");
    }
}
