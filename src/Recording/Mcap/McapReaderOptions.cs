namespace EdgeAutonomy.Recording;

/// <summary>How MCAP files are read.</summary>
public sealed record McapReaderOptions
{
    /// <summary>Gets the largest record that is taken into memory, in bytes, stored or decompressed; default 1 GiB. A larger one is refused.</summary>
    public long MaxRecordBytes { get; init; } = 1 << 30;

    /// <summary>Gets whether CRCs are compared; default yes.</summary>
    public bool VerifyCrc { get; init; } = true;

    /// <summary>Gets whether every defect is an error; default no: damaged chunks are skipped and listed.</summary>
    public bool Strict { get; init; }

    /// <summary>Gets whether whole records of a cut, uncompressed last chunk are given, marked by <see cref="McapMessage.IsChecked"/> = false; default yes.</summary>
    public bool RecoverPartialChunk { get; init; } = true;

    /// <summary>Gets the bytes of overlapping chunks held at once while messages are put into order; default 256 MiB. Beyond it chunks are read again.</summary>
    public long MaxHeldBytes { get; init; } = 256 << 20;

    /// <summary>Finds the codec of a compression; null where its library is absent. Tests take the library away with it.</summary>
    internal Func<string, ChunkCodec?> FindCodec { get; init; } = ChunkCodec.Find;

    internal void Check()
    {
        if (MaxRecordBytes is < 64 or > 0x7FF00000)
            throw new ArgumentOutOfRangeException(nameof(MaxRecordBytes), $"MaxRecordBytes is {MaxRecordBytes}; must be in [64, {0x7FF00000}].");
        if (MaxHeldBytes < 0) throw new ArgumentOutOfRangeException(nameof(MaxHeldBytes), $"MaxHeldBytes is {MaxHeldBytes}; must not be negative.");
    }
}
