namespace EdgeAutonomy.Recording;

/// <summary>Compresses and decompresses chunks. One owner at a time; holds native memory until disposed.</summary>
internal abstract class ChunkCodec : IDisposable
{
    public const string Lz4 = "lz4", Zstd = "zstd";

    /// <summary>Returns a new codec for the name that stands in a chunk, or null: unknown, or its library is absent.</summary>
    public static ChunkCodec? Find(string compression) => compression switch
    {
        Lz4 => Lz4Codec.TryCreate(),
        Zstd => ZstdCodec.TryCreate(),
        _ => null,
    };

    /// <summary>Returns the name that stands in a chunk.</summary>
    public static string NameOf(McapCompression compression) => compression switch
    {
        McapCompression.Lz4 => Lz4,
        McapCompression.Zstd => Zstd,
        _ => "",
    };

    /// <summary>Returns the library that a compression needs, or null where the name is not one we know.</summary>
    public static string? LibraryOf(string compression) => compression switch
    {
        Lz4 => Lz4Library.FileName,
        Zstd => ZstdLibrary.FileName,
        _ => null,
    };

    /// <summary>Returns the most bytes that so many can come from: what a chunk claims beyond it is a lie that must cost no memory.</summary>
    /// <remarks>An LZ4 length grows by 255 a byte; a Zstandard block of 4 bytes gives 128 KiB at most (RFC 8878, 3.1.1.2). Some room for headers.</remarks>
    public static long MaxExpansion(string compression, long compressed) => compression switch
    {
        Lz4 => (compressed * 255) + 1024,
        Zstd => (compressed * 32768) + 1024,
        _ => compressed,
    };

    /// <summary>Returns the most bytes that compressing so many can give.</summary>
    public abstract int Bound(int length);

    /// <summary>Compresses; returns the bytes written, or -1.</summary>
    public abstract int Compress(ReadOnlySpan<byte> source, Span<byte> target);

    /// <summary>Decompresses; true if that gave exactly as many bytes as the target holds.</summary>
    public abstract bool Decompress(ReadOnlySpan<byte> source, Span<byte> target);

    public abstract void Dispose();
}
