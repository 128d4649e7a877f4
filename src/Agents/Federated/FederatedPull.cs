using System.Security.Cryptography;

namespace EdgeAutonomy.Agents;

/// <summary>Fetches one content from one robot: asks for its manifest, then for the chunks that are missing, until all are here. The memory is taken when the manifest is here and right.</summary>
internal sealed class FederatedPull
{
    // Half of what may be on its way: the sender hears of room before it has none.
    private const int ChunksPerAsk = ChunkSender.MaxInFlight / 2;
    private readonly string _id, _base;
    private readonly uint _round;
    private ChunkReceiver? _chunks;
    private Stamp _askAt = Stamp.Never;
    private int _unsaid;

    public FederatedPull(string from, string id, uint round, string baseSha256, int size, Stamp now) => (From, _id, _round, _base, Size, ProgressAt) = (from, id, round, baseSha256, size, now);

    public string From { get; set; }

    public string Id => _id;

    public int Size { get; }

    public bool IsComplete => _chunks is { IsComplete: true };

    /// <summary>Gets when something new came last.</summary>
    public Stamp ProgressAt { get; private set; }

    public ReadOnlySpan<byte> Content => _chunks!.Content;

    public Stamp AskAt => _askAt;

    /// <summary>Takes a manifest: the one that was asked for, of the size that was said, and no other.</summary>
    public bool OnList(ReadOnlySpan<byte> payload, Stamp now)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, hash);
        if (_chunks is not null || Convert.ToHexStringLower(hash) != _id) return false;
        if (!TransferManifest.TryRead(payload, out var manifest, out _) || manifest.Size != Size || manifest.Round != _round || manifest.BaseSha256 != _base) return false;
        _chunks = new ChunkReceiver(manifest);
        (_askAt, ProgressAt) = (Stamp.Never, now);
        return true;
    }

    public ChunkOutcome OnChunk(uint round, int chunk, ReadOnlySpan<byte> bytes, Stamp now)
    {
        if (_chunks is null) return ChunkOutcome.Refused;
        var outcome = _chunks.Offer(round, chunk, bytes);
        if (outcome != ChunkOutcome.Taken) return outcome;
        ProgressAt = now;
        if (++_unsaid >= ChunksPerAsk || IsComplete) _askAt = Stamp.Never;
        return outcome;
    }

    /// <summary>Returns whether to ask now, and for what: null = the manifest.</summary>
    public bool TryAsk(Stamp now, Duration retry, out byte[]? missing)
    {
        missing = null;
        if (now < _askAt) return false;
        (_askAt, _unsaid) = (now + retry, 0);
        missing = _chunks?.Missing.ToArray();
        return true;
    }
}
