using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeAutonomy.Host;

/// <summary>Writes a result as the one JSON object that <c>--json</c> promises.</summary>
public static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // The output goes to terminals and tools, never into a web page, so a plain apostrophe may stay one.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new FiniteNumberConverter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Returns the object on one line. Infinite numbers and NaN become null, which JSON can carry.</summary>
    public static string Serialize(object result) => JsonSerializer.Serialize(result, result.GetType(), Options);

    /// <summary>Returns a state hash as its 16 hexadecimal digits: JSON numbers lose bits above 2^53 in many readers.</summary>
    public static string Hash(ulong hash) => hash.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    private sealed class FiniteNumberConverter : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(value);
            else writer.WriteNullValue();
        }
    }
}
