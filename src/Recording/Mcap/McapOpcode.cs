namespace EdgeAutonomy.Recording;

/// <summary>Kinds of MCAP records (MCAP §Records); 0 is invalid, 0x80 and above are private.</summary>
internal enum McapOpcode : byte
{
    Invalid = 0, Header = 1, Footer, Schema, Channel, Message, Chunk, MessageIndex, ChunkIndex, Attachment, AttachmentIndex, Statistics, Metadata,
    MetadataIndex, SummaryOffset, DataEnd,
}
