namespace EdgeAutonomy.Recording;

/// <summary>Where a chunk stands and what it says about itself.</summary>
/// <param name="Offset">Where its record starts, in bytes.</param>
/// <param name="Length">Bytes of its record, opcode and length included.</param>
/// <param name="StartNs">Earliest log time in it, ns; 0 without messages.</param>
/// <param name="EndNs">Latest log time in it, ns; 0 without messages.</param>
/// <param name="Compression">"", "lz4" or "zstd".</param>
/// <param name="StoredBytes">Bytes of its records as stored.</param>
/// <param name="UncompressedBytes">Bytes of its records.</param>
public sealed record McapChunk(long Offset, long Length, ulong StartNs, ulong EndNs, string Compression, long StoredBytes, long UncompressedBytes);
