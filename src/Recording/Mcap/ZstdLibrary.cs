using System.Runtime.InteropServices;

namespace EdgeAutonomy.Recording;

/// <summary>The functions of libzstd.so.1 that chunks need (zstd.h, stable since 1.0), looked up on first use.</summary>
/// <remarks>Function pointers instead of imports: an absent library must be an answer, not an exception. All take sizes as size_t and keep no pointer.</remarks>
internal sealed unsafe class ZstdLibrary
{
    public const string FileName = "libzstd.so.1";

    private static readonly Lazy<ZstdLibrary?> Loaded = new(TryLoad);

    public readonly delegate* unmanaged[Cdecl]<nuint, nuint> CompressBound;
    public readonly delegate* unmanaged[Cdecl]<nint> CreateCompressor;
    public readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeCompressor;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, int, nuint> Compress;
    public readonly delegate* unmanaged[Cdecl]<nint> CreateDecompressor;
    public readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeDecompressor;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint> Decompress;
    public readonly delegate* unmanaged[Cdecl]<nuint, uint> IsError;

    private ZstdLibrary(nint library)
    {
        CompressBound = (delegate* unmanaged[Cdecl]<nuint, nuint>)NativeLibrary.GetExport(library, "ZSTD_compressBound");
        CreateCompressor = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "ZSTD_createCCtx");
        FreeCompressor = (delegate* unmanaged[Cdecl]<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeCCtx");
        Compress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, int, nuint>)NativeLibrary.GetExport(library, "ZSTD_compressCCtx");
        CreateDecompressor = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "ZSTD_createDCtx");
        FreeDecompressor = (delegate* unmanaged[Cdecl]<nint, nuint>)NativeLibrary.GetExport(library, "ZSTD_freeDCtx");
        Decompress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte*, nuint, nuint>)NativeLibrary.GetExport(library, "ZSTD_decompressDCtx");
        IsError = (delegate* unmanaged[Cdecl]<nuint, uint>)NativeLibrary.GetExport(library, "ZSTD_isError");
    }

    /// <summary>Gets the library, or null where it is absent.</summary>
    public static ZstdLibrary? Instance => Loaded.Value;

    private static ZstdLibrary? TryLoad()
    {
        if (!NativeLibrary.TryLoad(FileName, out nint library)) return null;
        try
        {
            return new ZstdLibrary(library);
        }
        catch (EntryPointNotFoundException)
        {
            return null; // another library of that name
        }
    }
}
