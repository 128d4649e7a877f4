namespace EdgeAutonomy.Recording;

/// <summary>How the records of a chunk are stored.</summary>
public enum McapCompression
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>LZ4 frames; needs the system library liblz4.so.1.</summary>
    Lz4,

    /// <summary>Zstandard, fast level; needs the system library libzstd.so.1.</summary>
    Zstd,
}
