namespace EdgeAutonomy.Recording;

/// <summary>What can be wrong with an MCAP file that is read all the same.</summary>
public enum McapDefectKind
{
    /// <summary>The file ends, or stops to make sense, before its footer.</summary>
    Truncated,

    /// <summary>The last chunk is cut; its whole records were recovered without a CRC to check them by.</summary>
    PartialChunk,

    /// <summary>The CRC of a chunk does not fit its content; the chunk is skipped.</summary>
    ChunkCrc,

    /// <summary>A chunk contradicts itself or cannot be decompressed; it is skipped.</summary>
    ChunkDamaged,

    /// <summary>The head of a chunk differs from the chunk index; the chunk is read only if its CRC fits.</summary>
    ChunkIndex,

    /// <summary>The CRC of the summary does not fit; the summary is not used, the file is scanned.</summary>
    SummaryCrc,

    /// <summary>The summary contradicts itself or the file; it is not used, the file is scanned.</summary>
    SummaryDamaged,

    /// <summary>A metadata or attachment record is not where the summary says, or not whole; it is left out.</summary>
    RecordDamaged,

    /// <summary>Messages of a channel that only a skipped chunk could have told about; they are left out.</summary>
    MessagesSkipped,

    /// <summary>The CRC of the data section does not fit, found by <see cref="McapReader.VerifyDataSection"/>.</summary>
    DataSectionCrc,
}
