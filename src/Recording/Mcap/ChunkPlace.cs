namespace EdgeAutonomy.Recording;

/// <summary>Where one chunk stands and what it holds, as the writer puts it into the chunk index. Times in ns, the rest in bytes.</summary>
internal readonly record struct ChunkPlace(
    ulong Start, ulong End, long Offset, long Length, long IndexLength, string Compression, long CompressedSize, long UncompressedSize);
