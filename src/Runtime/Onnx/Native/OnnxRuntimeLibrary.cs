using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime;

/// <summary>A loaded library of ONNX Runtime that has passed a test.</summary>
/// <remarks>
/// The library is never unloaded, and its environment lives as long as the process: it owns threads and static objects that do not survive being unloaded. One object per file.
/// </remarks>
internal sealed unsafe class OnnxRuntimeLibrary
{
    /// <summary>The lowest version of the interface that has all that we call: ONNX Runtime 1.16.</summary>
    public const int ApiVersion = 16;

    private const string FileName = "libonnxruntime.so";
    // Errors come as statuses too, which we report; the library would write them to standard error a second time.
    private const int LogFatal = 4;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, OnnxRuntimeLibrary> Loaded = new(StringComparer.Ordinal);

    private OnnxRuntimeLibrary(string path, string version, OnnxRuntimeApi api)
    {
        Path = path;
        Version = version;
        Api = api;
        Environment = api.CreateEnvironment(LogFatal);
        Providers = api.AvailableProviders();
    }

    /// <summary>Gets the file, as it was asked for.</summary>
    public string Path { get; }

    /// <summary>Gets the library's version, such as "1.30.0".</summary>
    public string Version { get; }

    /// <summary>Gets the functions.</summary>
    public OnnxRuntimeApi Api { get; }

    /// <summary>Gets the library's environment, one per process.</summary>
    public nint Environment { get; }

    /// <summary>Gets the providers that the library was built with.</summary>
    public IReadOnlyList<string> Providers { get; }

    /// <summary>Lists where the library may be, the first choice first.</summary>
    /// <param name="configured">The configured path; null or empty = none.</param>
    public static IEnumerable<string> Candidates(string? configured)
    {
        if (!string.IsNullOrEmpty(configured)) yield return configured;
        yield return System.IO.Path.Combine(AppContext.BaseDirectory, FileName + ".1");
        yield return System.IO.Path.Combine(AppContext.BaseDirectory, FileName);
        yield return FileName + ".1";
        yield return FileName;
    }

    /// <summary>Finds the first library that works.</summary>
    /// <param name="configured">The configured path; null or empty = none.</param>
    /// <param name="candidates">Where to look.</param>
    /// <param name="refused">Told about each file that is there and does not work, and about a configured one that is not there.</param>
    /// <returns>Null where there is none.</returns>
    public static OnnxRuntimeLibrary? Find(string? configured, IEnumerable<string> candidates, Action<string> refused)
    {
        foreach (string candidate in candidates)
        {
            if (TryLoad(candidate, out string? reason) is { } library) return library;
            if (reason is not null || candidate == configured) refused($"{candidate}: {reason ?? "there is no such library"}");
        }
        return null;
    }

    /// <summary>Loads a library and tests it.</summary>
    /// <param name="path">A file, or a name for the system's loader.</param>
    /// <param name="reason">Why it was refused; null when it is simply not there.</param>
    /// <returns>Null where it is absent or refused.</returns>
    public static OnnxRuntimeLibrary? TryLoad(string path, out string? reason)
    {
        lock (Gate)
        {
            reason = null;
            if (Loaded.TryGetValue(path, out var known)) return known;
            if (!NativeLibrary.TryLoad(path, out nint handle))
            {
                if (File.Exists(path)) reason = "the file cannot be loaded; it is no shared library for this machine, or one that it needs is missing";
                return null;
            }
            var library = TryOpen(path, handle, out reason);
            if (library is not null) Loaded.Add(path, library);
            return library;
        }
    }

    private static OnnxRuntimeLibrary? TryOpen(string path, nint handle, out string? reason)
    {
        if (!NativeLibrary.TryGetExport(handle, "OrtGetApiBase", out nint entry))
        {
            reason = "the file is another library: it has no function OrtGetApiBase";
            return null;
        }
        // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); }
        void** root = ((delegate* unmanaged[Cdecl]<void**>)entry)();
        string version = root is null ? "" : Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)root[1])()) ?? "";
        void** table = root is null ? null : ((delegate* unmanaged[Cdecl]<uint, void**>)root[0])(ApiVersion);
        if (table is null)
        {
            reason = $"version {(version.Length > 0 ? version : "unknown")} has no interface of version {ApiVersion}; 1.16 or later is needed";
            return null;
        }
        try
        {
            var library = new OnnxRuntimeLibrary(path, version, new OnnxRuntimeApi(table));
            OnnxRuntimeSelfTest.Run(library);
            reason = null;
            return library;
        }
        catch (InvalidOperationException e)
        {
            reason = $"version {version} failed the self-test: {e.Message}";
            return null;
        }
    }
}
