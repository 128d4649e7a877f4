using System.Runtime.InteropServices;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Looks for what larger networks run on: ONNX Runtime and a GPU.</summary>
internal static class InferenceCheck
{
    // The smallest network there is, y = x of one number, so that the library really computes: ModelProto {ir_version 8, opset 13, graph {Identity x -> y}}.
    private static readonly byte[] Smallest =
    [
        0x08, 8, 0x3A, 55,
        0x0A, 16, 0x0A, 1, (byte)'x', 0x12, 1, (byte)'y', 0x22, 8, (byte)'I', (byte)'d', (byte)'e', (byte)'n', (byte)'t', (byte)'i', (byte)'t', (byte)'y',
        0x12, 1, (byte)'g',
        0x5A, 15, 0x0A, 1, (byte)'x', 0x12, 10, 0x0A, 8, 0x08, 1, 0x12, 4, 0x0A, 2, 0x08, 1,
        0x62, 15, 0x0A, 1, (byte)'y', 0x12, 10, 0x0A, 8, 0x08, 1, 0x12, 4, 0x0A, 2, 0x08, 1,
        0x42, 2, 0x10, 13,
    ];

    /// <summary>Looks for them.</summary>
    public static IEnumerable<Diagnosis> Run(DoctorContext context)
    {
        yield return Runtime(context.Options.Onnx);
        yield return Gpu(context);
    }

    private static Diagnosis Runtime(OnnxSection section)
    {
        const string Where = "onnx";
        var said = new List<InferenceFinding>();
        using var engine = OnnxRuntimeEngine.TryCreate(Smallest, "doctor", section.ToOptions(InferenceChoice.Onnx), said.Add);
        string trouble = string.Join(" ", said.Where(f => f.IsWarning).Select(f => f.Message));
        if (engine is null)
        {
            return section.LibraryPath.Length > 0
                ? Diagnosis.Error(Where, $"Onnx:LibraryPath is {section.LibraryPath}; it is no ONNX Runtime that works here. {trouble}".TrimEnd(), "Name the file of the library (libonnxruntime.so.1), 1.16 or later.")
                : Diagnosis.Ok(Where, $"ONNX Runtime is not installed; networks run in the managed engine. {trouble}".TrimEnd());
        }
        string text = $"ONNX Runtime {engine.Version} ({engine.LibraryPath}) computes on {string.Join(", ", engine.ProvidersActive)}.";
        return trouble.Length == 0 ? Diagnosis.Ok(Where, text) : Diagnosis.Warning(Where, $"{text} {trouble}", "Install what the provider needs, or leave it out of Onnx:Providers.");
    }

    private static Diagnosis Gpu(DoctorContext context)
    {
        const string Where = "gpu";
        string? driver = context.System.Text("/proc/driver/nvidia/version")?.Split('\n')[0] ?? context.System.Text("/etc/nv_tegra_release")?.Split('\n')[0];
        bool hasCuda = NativeLibrary.TryLoad("libcuda.so.1", out nint cuda);
        if (hasCuda) NativeLibrary.Free(cuda);
        bool isWanted = context.Options.Onnx.Providers.Any(p => p is "CUDA" or "TensorRT");
        return (driver, hasCuda) switch
        {
            (null, false) when isWanted => Diagnosis.Error(Where, $"Onnx:Providers asks for {string.Join(", ", context.Options.Onnx.Providers)}; there is no NVIDIA driver.", "Install the driver (Jetson: JetPack), or set Onnx:Providers to [\"CPU\"]."),
            (null, false) => Diagnosis.Ok(Where, "There is no NVIDIA driver; nothing that ships needs one. This build has no GPU kernels (ILGPU) of its own."),
            (not null, false) => Diagnosis.Warning(Where, $"{driver}: the driver is there, its library libcuda.so.1 is not.", "Install the driver's libraries (Debian: libcuda1; Jetson: nvidia-l4t-cuda)."),
            _ => Diagnosis.Ok(Where, $"{driver ?? "A driver"} with CUDA's library."),
        };
    }
}
