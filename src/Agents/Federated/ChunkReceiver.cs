namespace EdgeAutonomy.Agents;

/// <summary>What became of a chunk.</summary>
public enum ChunkOutcome : byte
{
    /// <summary>New and right.</summary>
    Taken,

    /// <summary>Here already.</summary>
    Known,

    /// <summary>Of another length or hash, or no chunk of this transfer.</summary>
    Refused,
}

/// <summary>Puts the chunks of a transfer together; their order and how often they come do not matter.</summary>
/// <remarks>Holds the content (at most 256 MiB) and a bitmap. A chunk is only taken if it has the hash that the manifest names. Single-threaded.</remarks>
public sealed class ChunkReceiver
{
    private readonly byte[] _content, _missing;
    private int _left;

    /// <summary>Makes a receiver.</summary>
    public ChunkReceiver(TransferManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        (Manifest, _content, _missing, _left) = (manifest, new byte[manifest.Size], new byte[(manifest.Chunks + 7) / 8], manifest.Chunks);
        for (int i = 0; i < manifest.Chunks; i++) _missing[i / 8] |= (byte)(1 << i % 8);
    }

    /// <summary>Gets what is received.</summary>
    public TransferManifest Manifest { get; }

    /// <summary>Gets whether all chunks are here.</summary>
    public bool IsComplete => _left == 0;

    /// <summary>Gets which chunks are missing: bit i of byte i / 8. Sent to the sender after a reconnection, so that it goes on where it was.</summary>
    public ReadOnlySpan<byte> Missing => _missing;

    /// <summary>Gets how many chunks were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Gets the content; zeros where chunks are missing.</summary>
    public ReadOnlySpan<byte> Content => _content;

    /// <summary>Takes a chunk.</summary>
    /// <param name="round">The round it is for.</param>
    /// <param name="chunk">Its index.</param>
    /// <param name="bytes">Its bytes; copied.</param>
    public ChunkOutcome Offer(uint round, int chunk, ReadOnlySpan<byte> bytes)
    {
        if (round != Manifest.Round || (uint)chunk >= (uint)Manifest.Chunks || !Manifest.Matches(chunk, bytes))
        {
            Refused++;
            return ChunkOutcome.Refused;
        }
        if ((_missing[chunk / 8] & 1 << chunk % 8) == 0) return ChunkOutcome.Known;
        bytes.CopyTo(_content.AsSpan(chunk * Manifest.ChunkBytes));
        _missing[chunk / 8] &= (byte)~(1 << chunk % 8);
        _left--;
        return ChunkOutcome.Taken;
    }
}
