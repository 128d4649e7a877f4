namespace EdgeAutonomy.Recording;

/// <summary>The fields of a Chunk record before its records. Times in ns, sizes in bytes.</summary>
internal readonly record struct ChunkHead(ulong Start, ulong End, long Uncompressed, uint Crc, string Compression, long Stored, int HeadLength)
{
    public McapChunk At(long offset, long length) => new(offset, length, Start, End, Compression, Stored, Uncompressed);
}
