using System.Buffers;
using System.Text.Json;

namespace EdgeAutonomy.Recording;

/// <summary>A named value that a client may see and, where the host allows it, set.</summary>
/// <param name="Name">The name, such as "Loops:avoid:Period:MinMs".</param>
/// <param name="Value">The value; null = not set, or to be unset.</param>
/// <param name="Type">"byte_array" (base64), "float64" or "float64_array"; null = what JSON says.</param>
public sealed record FoxgloveParameter(string Name, JsonElement? Value, string? Type = null)
{
    /// <summary>Makes a parameter from a number. NaN and ±∞ count as not set.</summary>
    public static FoxgloveParameter Of(string name, double value) => new(name, double.IsFinite(value) ? Parse(json => json.WriteNumberValue(value)) : null, "float64");

    /// <summary>Makes a parameter from a truth value.</summary>
    public static FoxgloveParameter Of(string name, bool value) => new(name, Parse(json => json.WriteBooleanValue(value)));

    /// <summary>Makes a parameter from a text.</summary>
    public static FoxgloveParameter Of(string name, string value) => new(name, Parse(json => json.WriteStringValue(value)));

    /// <summary>Returns the value as a number; false when it is none.</summary>
    public bool TryGetNumber(out double value)
    {
        value = 0;
        return Value is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out value) && double.IsFinite(value);
    }

    private static JsonElement Parse(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
