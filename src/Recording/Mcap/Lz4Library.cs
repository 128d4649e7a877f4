using System.Runtime.InteropServices;

namespace EdgeAutonomy.Recording;

/// <summary>The functions of liblz4.so.1 that chunks need (lz4frame.h, stable since 1.7), looked up on first use.</summary>
/// <remarks>The frame functions, LZ4F_*: MCAP stores frames, not blocks. Otherwise as <see cref="ZstdLibrary"/>.</remarks>
internal sealed unsafe class Lz4Library
{
    public const string FileName = "liblz4.so.1";

    /// <summary>LZ4F_VERSION of lz4frame.h, which the library checks against its own.</summary>
    public const uint FrameVersion = 100;

    private static readonly Lazy<Lz4Library?> Loaded = new(TryLoad);

    public readonly delegate* unmanaged[Cdecl]<nuint, nint, nuint> CompressBound;
    public readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, nint, nuint> Compress;
    public readonly delegate* unmanaged[Cdecl]<nint*, uint, nuint> CreateDecompressor;
    public readonly delegate* unmanaged[Cdecl]<nint, nuint> FreeDecompressor;
    public readonly delegate* unmanaged[Cdecl]<nint, void> ResetDecompressor;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint*, byte*, nuint*, nint, nuint> Decompress;
    public readonly delegate* unmanaged[Cdecl]<nuint, uint> IsError;

    private Lz4Library(nint library)
    {
        CompressBound = (delegate* unmanaged[Cdecl]<nuint, nint, nuint>)NativeLibrary.GetExport(library, "LZ4F_compressFrameBound");
        Compress = (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, nint, nuint>)NativeLibrary.GetExport(library, "LZ4F_compressFrame");
        CreateDecompressor = (delegate* unmanaged[Cdecl]<nint*, uint, nuint>)NativeLibrary.GetExport(library, "LZ4F_createDecompressionContext");
        FreeDecompressor = (delegate* unmanaged[Cdecl]<nint, nuint>)NativeLibrary.GetExport(library, "LZ4F_freeDecompressionContext");
        ResetDecompressor = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "LZ4F_resetDecompressionContext");
        Decompress = (delegate* unmanaged[Cdecl]<nint, byte*, nuint*, byte*, nuint*, nint, nuint>)NativeLibrary.GetExport(library, "LZ4F_decompress");
        IsError = (delegate* unmanaged[Cdecl]<nuint, uint>)NativeLibrary.GetExport(library, "LZ4F_isError");
    }

    /// <summary>Gets the library, or null where it is absent.</summary>
    public static Lz4Library? Instance => Loaded.Value;

    private static Lz4Library? TryLoad()
    {
        if (!NativeLibrary.TryLoad(FileName, out nint library)) return null;
        try
        {
            return new Lz4Library(library);
        }
        catch (EntryPointNotFoundException)
        {
            return null; // another library of that name
        }
    }
}
