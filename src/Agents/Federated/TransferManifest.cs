using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAutonomy.Agents;

/// <summary>What is going to be sent in chunks: how much, and the sha256 of each.</summary>
/// <remarks>Immutable. Reading is total: arbitrary bytes give false and one sentence.</remarks>
public sealed class TransferManifest
{
    /// <summary>The largest transfer.</summary>
    public const int MaxBytes = 256 << 20;

    /// <summary>The largest chunk.</summary>
    public const int MaxChunkBytes = 64 << 10;

    /// <summary>The smallest size of a chunk other than the last, so that no manifest names millions of them.</summary>
    public const int MinChunkBytes = 4 << 10;

    private const int MaxManifestBytes = 8 << 20;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");
    private readonly byte[][] _hashes;

    private TransferManifest(uint round, string baseSha256, int size, int chunkBytes, byte[][] hashes) => (Round, BaseSha256, Size, ChunkBytes, _hashes) = (round, baseSha256, size, chunkBytes, hashes);

    /// <summary>Gets the round.</summary>
    public uint Round { get; }

    /// <summary>Gets the sha256 of the model that the transfer starts from, in lower-case hexadecimal.</summary>
    public string BaseSha256 { get; }

    /// <summary>Gets the bytes in all.</summary>
    public int Size { get; }

    /// <summary>Gets the bytes of every chunk but the last.</summary>
    public int ChunkBytes { get; }

    /// <summary>Gets the number of chunks.</summary>
    public int Chunks => _hashes.Length;

    /// <summary>Makes the manifest of a content.</summary>
    /// <exception cref="ArgumentException">The content is empty or too large, or the chunk size or the hash is out of range.</exception>
    public static TransferManifest Of(uint round, string baseSha256, ReadOnlySpan<byte> content, int chunkBytes = MaxChunkBytes)
    {
        if (Fault(baseSha256, content.Length, chunkBytes) is { } fault) throw new ArgumentException(fault, nameof(content));
        var hashes = new byte[(content.Length + chunkBytes - 1) / chunkBytes][];
        for (int i = 0; i < hashes.Length; i++) hashes[i] = SHA256.HashData(content.Slice(i * chunkBytes, Math.Min(chunkBytes, content.Length - i * chunkBytes)));
        return new TransferManifest(round, baseSha256, content.Length, chunkBytes, hashes);
    }

    /// <summary>Returns the bytes of a chunk.</summary>
    public int LengthOf(int chunk) => Math.Min(ChunkBytes, Size - chunk * ChunkBytes);

    /// <summary>Returns whether bytes are those of a chunk.</summary>
    public bool Matches(int chunk, ReadOnlySpan<byte> bytes)
    {
        if ((uint)chunk >= (uint)Chunks || bytes.Length != LengthOf(chunk)) return false;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return hash.SequenceEqual(_hashes[chunk]);
    }

    /// <summary>Returns whether two manifests are of the same content.</summary>
    public bool IsSame(TransferManifest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Round == other.Round && BaseSha256 == other.BaseSha256 && Size == other.Size && ChunkBytes == other.ChunkBytes && _hashes.Zip(other._hashes, (a, b) => a.AsSpan().SequenceEqual(b)).All(same => same);
    }

    /// <summary>Writes the manifest as JSON.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new TransferManifestContent { V = 1, Round = Round, Base = BaseSha256, Size = Size, Chunk = ChunkBytes, Sha256 = [.. _hashes.SelectMany(h => h)] }, TransferJson.Default.TransferManifestContent);

    /// <summary>Reads a manifest.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out TransferManifest manifest, out string fault)
    {
        manifest = null!;
        TransferManifestContent? c = null;
        fault = "";
        if (payload.Length > MaxManifestBytes) fault = $"Transfer manifest: {payload.Length} bytes; at most {MaxManifestBytes} are read.";
        else
        {
            try
            {
                c = JsonSerializer.Deserialize(payload, TransferJson.Default.TransferManifestContent);
            }
            catch (JsonException e)
            {
                fault = $"Transfer manifest: no valid JSON at line {e.LineNumber}, byte {e.BytePositionInLine}.";
            }
        }
        if (fault.Length > 0) return false;
        fault = c is null || c.V != 1 || c.Round is null || c.Size is null || c.Chunk is null || c.Sha256 is null
            ? "Transfer manifest: version is not 1, or round, size, chunk or sha256 is missing."
            : Fault(c.Base, c.Size.Value, c.Chunk.Value) ?? (c.Sha256.Length != 32L * ((c.Size.Value + (long)c.Chunk.Value - 1) / c.Chunk.Value) ? $"Transfer manifest: {c.Sha256.Length} bytes of hashes for {c.Size} bytes in chunks of {c.Chunk}; must be 32 per chunk." : "");
        if (fault.Length > 0) return false;
        manifest = new TransferManifest(c!.Round!.Value, c.Base!, c.Size!.Value, c.Chunk!.Value, [.. c.Sha256!.Chunk(32)]);
        return true;
    }

    private static string? Fault(string? hash, int size, int chunk) =>
        size is < 1 or > MaxBytes ? $"Transfer manifest: size is {size}; must be in [1, {MaxBytes}]."
        : chunk is < MinChunkBytes or > MaxChunkBytes ? $"Transfer manifest: chunk is {chunk}; must be in [{MinChunkBytes}, {MaxChunkBytes}]."
        : hash is not { Length: 64 } || hash.AsSpan().ContainsAnyExcept(HexDigits) ? "Transfer manifest: base is no sha256; must be 64 digits 0-9 a-f."
        : null;
}

/// <summary>The properties of a manifest; null = not there.</summary>
internal sealed class TransferManifestContent
{
    public int? V { get; set; }

    public uint? Round { get; set; }

    public string? Base { get; set; }

    public int? Size { get; set; }

    public int? Chunk { get; set; }

    public byte[]? Sha256 { get; set; }
}

/// <summary>Reads and writes it without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 4)]
[JsonSerializable(typeof(TransferManifestContent))]
internal sealed partial class TransferJson : JsonSerializerContext;
