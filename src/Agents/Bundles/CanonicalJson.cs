using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAutonomy.Agents;

/// <summary>One text for one value: members sorted by their names (ordinal), no white space, UTF-8, whole numbers only.</summary>
/// <remarks>Strings take the escapes of Utf8JsonWriter's default encoder, which are fixed: quotes, backslash and everything outside plain ASCII as \uXXXX.</remarks>
internal static class CanonicalJson
{
    public static byte[] Write(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer)) Write(node, writer);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(JsonNode? node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case JsonObject o:
                writer.WriteStartObject();
                foreach (var (name, value) in o.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(value, writer);
                }
                writer.WriteEndObject();
                break;
            case JsonArray a:
                writer.WriteStartArray();
                foreach (var value in a) Write(value, writer);
                writer.WriteEndArray();
                break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.String: writer.WriteStringValue(v.GetValue<string>()); break;
            // A whole number has one text; a fraction has many, so none is allowed.
            case JsonValue v when v.GetValueKind() == JsonValueKind.Number && v.TryGetValue(out long whole): writer.WriteNumberValue(whole); break;
            case JsonValue v when v.GetValueKind() == JsonValueKind.Number && v.TryGetValue(out int small): writer.WriteNumberValue(small); break;
            default: throw new ArgumentException($"Canonical JSON: {node?.GetValueKind().ToString() ?? "null"} is not allowed; use objects, arrays, texts and whole numbers.", nameof(node));
        }
    }
}
