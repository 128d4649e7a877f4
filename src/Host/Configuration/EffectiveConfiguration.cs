using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Writes options back as the configuration file that gives the same options: what a recording keeps.</summary>
internal static class EffectiveConfiguration
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Returns the configuration as JSON, every key written out.</summary>
    public static byte[] Write(EdgeOptions options) => System.Text.Encoding.UTF8.GetBytes(Section(options).ToJsonString(Indented) + "\n");

    /// <summary>Returns the hash of a configuration as it stands in recordings.</summary>
    public static string Hash(byte[] configuration)
    {
        var hasher = new StateHasher();
        hasher.AddBytes(configuration);
        return JsonOutput.Hash(hasher.Value);
    }

    private static JsonObject Section(object section)
    {
        var json = new JsonObject();
        foreach (var key in OptionKey.Of(section.GetType()))
        {
            // Who may look has no part in what a run does, and the token must not get into a file that is passed on.
            if (key.Property.GetValue(section) is not { } value || value is FreeSection or LiveSection) continue;
            if (value is string { Length: 0 }) continue;
            json[key.Name] = Node(value);
        }
        return json;
    }

    private static JsonNode? Node(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        Enum name => JsonValue.Create(name.ToString()),
        double number => JsonValue.Create(number),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        ulong number => JsonValue.Create(number),
        IDictionary named => Named(named),
        Array list => new JsonArray([.. list.Cast<object>().Select(Node)]),
        _ => Section(value),
    };

    private static JsonObject Named(IDictionary named)
    {
        var json = new JsonObject();
        foreach (DictionaryEntry entry in named) json[(string)entry.Key] = Section(entry.Value!);
        return json;
    }
}
