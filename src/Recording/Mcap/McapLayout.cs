namespace EdgeAutonomy.Recording;

/// <summary>Sizes and fixed bytes of the MCAP format, version 0.</summary>
internal static class McapLayout
{
    /// <summary>Opcode and length in front of every record.</summary>
    public const int Prefix = 1 + 8;

    /// <summary>Content of a Message record before its data.</summary>
    public const int MessageHead = 2 + 4 + 8 + 8;

    /// <summary>Content of a Chunk record without the name of the compression and the records.</summary>
    public const int ChunkHead = 8 + 8 + 8 + 4 + 4 + 8;

    /// <summary>Content of the Footer record.</summary>
    public const int Footer = 8 + 8 + 4;

    /// <summary>One entry of a MessageIndex.</summary>
    public const int IndexEntry = 8 + 8;

    /// <summary>The bytes at both ends of a file.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'M', (byte)'C', (byte)'A', (byte)'P', (byte)'0', 0x0D, 0x0A];
}
