namespace EdgeAutonomy.Recording;

/// <summary>Where a record stands, for errors.</summary>
/// <param name="File">Path or name.</param>
/// <param name="Opcode">Its kind.</param>
/// <param name="Offset">Bytes from the start of the file, or of the chunk's uncompressed records.</param>
/// <param name="Chunk">Offset of the chunk that it is in, or -1.</param>
internal readonly record struct RecordPlace(string File, McapOpcode Opcode, long Offset, long Chunk = -1)
{
    public long FileOffset => Chunk < 0 ? Offset : Chunk;

    public string Text => Chunk < 0 ? $"{Opcode} record at offset {Offset}" : $"{Opcode} record at byte {Offset} of the chunk at offset {Chunk}";

    public McapException Error(string what) => new(File, FileOffset, $"{Text}: {what}");
}
