namespace EdgeAutonomy.Recording;

/// <summary>Zstandard frames through <see cref="ZstdLibrary"/>.</summary>
/// <remarks>The spans are pinned for one call, and the library is given their lengths. The contexts are freed by <see cref="Dispose"/> or the finalizer.</remarks>
internal sealed unsafe class ZstdCodec : ChunkCodec
{
    // The fastest of the library's usual levels: a recorder shares its processor with the loop.
    private const int Level = 1;

    private readonly ZstdLibrary _library;
    private nint _compressor, _decompressor;

    private ZstdCodec(ZstdLibrary library) => _library = library;

    ~ZstdCodec() => Free();

    public static ZstdCodec? TryCreate() => ZstdLibrary.Instance is { } library ? new ZstdCodec(library) : null;

    public override int Bound(int length) => checked((int)_library.CompressBound((nuint)length));

    public override int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (_compressor == 0) _compressor = _library.CreateCompressor();
        if (_compressor == 0) return -1;
        fixed (byte* from = source, to = target)
        {
            nuint length = _library.Compress(_compressor, to, (nuint)target.Length, from, (nuint)source.Length, Level);
            return _library.IsError(length) != 0 ? -1 : (int)length;
        }
    }

    public override bool Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (_decompressor == 0) _decompressor = _library.CreateDecompressor();
        if (_decompressor == 0) return false;
        fixed (byte* from = source, to = target)
        {
            nuint length = _library.Decompress(_decompressor, to, (nuint)target.Length, from, (nuint)source.Length);
            return _library.IsError(length) == 0 && length == (nuint)target.Length;
        }
    }

    public override void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_compressor != 0) _library.FreeCompressor(_compressor);
        if (_decompressor != 0) _library.FreeDecompressor(_decompressor);
        _compressor = _decompressor = 0;
    }
}
