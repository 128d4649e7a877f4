using System.Text.Json.Serialization;

namespace EdgeAutonomy.Agents;

/// <summary>The properties of a progress estimator's file; null = not there.</summary>
internal sealed class ProgressFileContent
{
    public string? Format { get; set; }

    // The format's version; "version" is the attributor's.
    public int? FormatVersion { get; set; }

    public string? Name { get; set; }

    public string? Attributor { get; set; }

    public string? Version { get; set; }

    public int? State { get; set; }

    public int? Event { get; set; }

    public int? Candidate { get; set; }

    public string? VocabularySha256 { get; set; }

    public int[]? Hidden { get; set; }

    public string? Command { get; set; }

    public ulong? Seed { get; set; }

    public string? Result { get; set; }

    public string? Sha256 { get; set; }

    public CandidateFileArray?[]? Weights { get; set; }
}

/// <summary>Reads and writes them without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, MaxDepth = 8)]
[JsonSerializable(typeof(ProgressFileContent))]
internal sealed partial class ProgressFileJson : JsonSerializerContext;
