using System.Buffers.Binary;

namespace EdgeAutonomy.Agents;

/// <summary>One chunk of a transfer as bytes (kind 4, topic <c>fl/&lt;round&gt;/&lt;rid&gt;/&lt;chunk&gt;</c>), little-endian.</summary>
/// <remarks>Prefix of 32 bytes as for all binary messages: u8 version = 1, u8 kind = 4, u16 flags, u32 inc, u64 seq, u64 epoch = round, i64 unix ns. Then u32 chunk, u32 length, and the bytes. Reading is total; 0 bytes allocated.</remarks>
public static class ChunkWire
{
    /// <summary>Bytes before the content.</summary>
    public const int HeadBytes = 40;

    /// <summary>Writes a chunk.</summary>
    /// <param name="inc">Incarnation of the sender.</param>
    /// <param name="round">The round.</param>
    /// <param name="chunk">Index of the chunk.</param>
    /// <param name="content">Its bytes; at most <see cref="TransferManifest.MaxChunkBytes"/>.</param>
    /// <param name="target">At least <see cref="HeadBytes"/> + length.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(uint inc, uint round, int chunk, ReadOnlySpan<byte> content, Span<byte> target)
    {
        if (content.Length > TransferManifest.MaxChunkBytes || target.Length < HeadBytes + content.Length) throw new ArgumentException($"Chunk {chunk}: {content.Length} bytes into room for {target.Length}; at most {TransferManifest.MaxChunkBytes}, and {HeadBytes} more of room.", nameof(content));
        target[..HeadBytes].Clear();
        (target[0], target[1]) = (1, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], inc);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], (ulong)chunk + 1);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], round);
        BinaryPrimitives.WriteInt32LittleEndian(target[32..], chunk);
        BinaryPrimitives.WriteInt32LittleEndian(target[36..], content.Length);
        content.CopyTo(target[HeadBytes..]);
        return HeadBytes + content.Length;
    }

    /// <summary>Reads a chunk.</summary>
    /// <param name="payload">What arrived.</param>
    /// <param name="inc">Incarnation of the sender.</param>
    /// <param name="round">The round.</param>
    /// <param name="chunk">Index of the chunk.</param>
    /// <param name="content">Its bytes, within <paramref name="payload"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, out uint inc, out uint round, out int chunk, out ReadOnlySpan<byte> content)
    {
        (inc, round, chunk) = (0, 0, 0);
        content = default;
        if (payload.Length < HeadBytes || payload[0] != 1 || payload[1] != 4) return false;
        ulong epoch = BinaryPrimitives.ReadUInt64LittleEndian(payload[16..]);
        int length = BinaryPrimitives.ReadInt32LittleEndian(payload[36..]);
        chunk = BinaryPrimitives.ReadInt32LittleEndian(payload[32..]);
        if (epoch > uint.MaxValue || chunk < 0 || length is < 1 or > TransferManifest.MaxChunkBytes || length > payload.Length - HeadBytes) return false;
        (inc, round) = (BinaryPrimitives.ReadUInt32LittleEndian(payload[4..]), (uint)epoch);
        content = payload.Slice(HeadBytes, length);
        return true;
    }
}
