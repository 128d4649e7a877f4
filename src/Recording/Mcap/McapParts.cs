namespace EdgeAutonomy.Recording;

/// <summary>The optional parts of an MCAP file that a writer makes.</summary>
[Flags]
public enum McapParts
{
    /// <summary>Header, data, footer and nothing else: readable from front to back only.</summary>
    None = 0,

    /// <summary>Messages, schemas and channels stand in chunks, each with a CRC.</summary>
    Chunks = 1,

    /// <summary>After every chunk, one index of its messages for each channel. Needs <see cref="Chunks"/>.</summary>
    MessageIndex = 2,

    /// <summary>The summary tells where the chunks are. Needs <see cref="Chunks"/>.</summary>
    ChunkIndex = 4,

    /// <summary>The summary repeats the schemas.</summary>
    Schemas = 8,

    /// <summary>The summary repeats the channels.</summary>
    Channels = 16,

    /// <summary>The summary holds counts and times.</summary>
    Statistics = 32,

    /// <summary>The summary tells where its own groups are.</summary>
    SummaryOffsets = 64,

    /// <summary>The summary tells where the attachments are.</summary>
    AttachmentIndex = 128,

    /// <summary>The summary tells where the metadata records are.</summary>
    MetadataIndex = 256,

    /// <summary>Everything: what a recording should have.</summary>
    All = Chunks | MessageIndex | ChunkIndex | Schemas | Channels | Statistics | SummaryOffsets | AttachmentIndex | MetadataIndex,
}

/// <summary>Asks <see cref="McapParts"/>.</summary>
internal static class McapPartsQuery
{
    // Enum.HasFlag boxes until the JIT has optimised its caller, and the writer asks per chunk.
    public static bool Has(this McapParts parts, McapParts part) => (parts & part) != 0;
}
