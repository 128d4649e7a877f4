using System.Text.Json.Serialization;

namespace EdgeAutonomy.Policies;

/// <summary>The properties of a policy file; null = not there.</summary>
internal sealed class PolicyFileContent
{
    public string? Format { get; set; }

    public int? Version { get; set; }

    public string? Name { get; set; }

    public string? Robot { get; set; }

    public string? Model { get; set; }

    public string? ModelHash { get; set; }

    public string? SchemaHash { get; set; }

    public PolicyInput?[]? Inputs { get; set; }

    public string?[]? ActionNames { get; set; }

    public double[]?[]? Actions { get; set; }

    public long[]? PeriodsUs { get; set; }

    public string? Command { get; set; }

    public ulong? Seed { get; set; }

    public string? Result { get; set; }
}

/// <summary>Reads and writes them without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, MaxDepth = 8)]
[JsonSerializable(typeof(PolicyFileContent))]
internal sealed partial class PolicyFileJson : JsonSerializerContext;
