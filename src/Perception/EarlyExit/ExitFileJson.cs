using System.Text.Json.Serialization;

namespace EdgeAutonomy.Perception;

/// <summary>The JSON of exit files: nothing unknown, nothing twice, no comments.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    MaxDepth = 4,
    WriteIndented = true)]
[JsonSerializable(typeof(ExitFileContent))]
internal sealed partial class ExitFileJson : JsonSerializerContext;
