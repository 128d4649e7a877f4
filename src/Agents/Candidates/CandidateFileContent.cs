using System.Text.Json.Serialization;

namespace EdgeAutonomy.Agents;

/// <summary>The properties of a candidate policy's file; null = not there.</summary>
internal sealed class CandidateFileContent
{
    public string? Format { get; set; }

    public int? Version { get; set; }

    public string? Name { get; set; }

    public int? State { get; set; }

    public int? Event { get; set; }

    public int? Candidate { get; set; }

    public string? VocabularySha256 { get; set; }

    public int? Encoder { get; set; }

    public int? Memory { get; set; }

    public int? First { get; set; }

    public int? Second { get; set; }

    public string? Command { get; set; }

    public ulong? Seed { get; set; }

    public string? Result { get; set; }

    public string? Sha256 { get; set; }

    public CandidateFileArray?[]? Weights { get; set; }
}

/// <summary>One array of weights: little-endian float32 in base64.</summary>
internal sealed class CandidateFileArray
{
    public string? Name { get; set; }

    public byte[]? Values { get; set; }
}

/// <summary>Reads and writes them without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, MaxDepth = 8)]
[JsonSerializable(typeof(CandidateFileContent))]
internal sealed partial class CandidateFileJson : JsonSerializerContext;
