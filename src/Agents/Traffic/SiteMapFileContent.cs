using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAutonomy.Agents;

/// <summary>The members of a site map; null = not there. What is unknown is gathered, to be named.</summary>
internal sealed class SiteMapFileContent
{
    public string? Format { get; set; }

    public int? Version { get; set; }

    public string? Name { get; set; }

    public SiteNodeContent?[]? Nodes { get; set; }

    public SiteEdgeContent?[]? Edges { get; set; }

    public SiteZoneContent?[]? Zones { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A node.</summary>
internal sealed class SiteNodeContent
{
    public string? Name { get; set; }

    public double? X { get; set; }

    public double? Y { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>An edge.</summary>
internal sealed class SiteEdgeContent
{
    public string? From { get; set; }

    public string? To { get; set; }

    public double? MaxSpeed { get; set; }

    public bool? Both { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A zone; the outline is a list of [x, y].</summary>
internal sealed class SiteZoneContent
{
    public string? Id { get; set; }

    public double[]?[]? Outline { get; set; }

    public int? Capacity { get; set; }

    public string? Policy { get; set; }

    public string? Corridor { get; set; }

    public int? Order { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>Reads and writes it without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowDuplicateProperties = false, MaxDepth = 8, WriteIndented = true)]
[JsonSerializable(typeof(SiteMapFileContent))]
internal sealed partial class SiteMapFileJson : JsonSerializerContext;
