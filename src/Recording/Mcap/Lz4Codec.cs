namespace EdgeAutonomy.Recording;

/// <summary>LZ4 frames through <see cref="Lz4Library"/>.</summary>
/// <remarks>The spans are pinned for one call, and the library is given their lengths. The context is freed by <see cref="Dispose"/> or the finalizer.</remarks>
internal sealed unsafe class Lz4Codec : ChunkCodec
{
    private readonly Lz4Library _library;
    private nint _decompressor;

    private Lz4Codec(Lz4Library library) => _library = library;

    ~Lz4Codec() => Free();

    public static Lz4Codec? TryCreate() => Lz4Library.Instance is { } library ? new Lz4Codec(library) : null;

    public override int Bound(int length) => checked((int)_library.CompressBound((nuint)length, 0));

    public override int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        fixed (byte* from = source, to = target)
        {
            nuint length = _library.Compress(to, (nuint)target.Length, from, (nuint)source.Length, 0);
            return _library.IsError(length) != 0 ? -1 : (int)length;
        }
    }

    public override bool Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (_decompressor == 0)
        {
            nint made = 0;
            if (_library.IsError(_library.CreateDecompressor(&made, Lz4Library.FrameVersion)) != 0) return false;
            _decompressor = made;
        }
        // A frame that failed leaves its state behind.
        _library.ResetDecompressor(_decompressor);
        fixed (byte* from = source, to = target)
        {
            nuint read = 0, written = 0;
            while (true)
            {
                nuint in1 = (nuint)source.Length - read, out1 = (nuint)target.Length - written;
                nuint left = _library.Decompress(_decompressor, to + written, &out1, from + read, &in1, 0);
                if (_library.IsError(left) != 0) return false;
                read += in1;
                written += out1;
                if (left == 0) return written == (nuint)target.Length && read == (nuint)source.Length;
                if (in1 == 0 && out1 == 0) return false; // wants more than there is, or has more than fits
            }
        }
    }

    public override void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_decompressor != 0) _library.FreeDecompressor(_decompressor);
        _decompressor = 0;
    }
}
