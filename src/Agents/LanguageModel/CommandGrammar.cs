using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Says in a server's own terms that the answer is <c>{"action":"…"}</c> with one of the commands on offer.</summary>
/// <remarks>The guard does not rely on it: a server that ignores the constraint is refused like any other nonsense. Thread-safe.</remarks>
public static class CommandGrammar
{
    /// <summary>Returns the hash of the way answers are constrained, for bundles: SHA-256, lower-case hexadecimal, of the constraint made for one fixed pair of commands.</summary>
    /// <param name="constraint">The way.</param>
    public static string FormSha256(OutputConstraint constraint)
    {
        ActionCall[] sample = [new("a", [], "a"), new("b", [], "b \"é\"")];
        string form = constraint switch { OutputConstraint.JsonSchema => Schema(sample).GetRawText(), OutputConstraint.Grammar => Gbnf(sample), _ => "" };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(form)));
    }

    /// <summary>Returns the JSON schema.</summary>
    /// <param name="commands">The commands on offer; at least one.</param>
    public static JsonElement Schema(IReadOnlyList<ActionCall> commands)
    {
        ArgumentNullException.ThrowIfNull(commands);
        var buffer = new ArrayBufferWriter<byte>(64 * commands.Count + 128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "object");
            writer.WriteStartObject("properties");
            writer.WriteStartObject("action");
            writer.WriteString("type", "string");
            writer.WriteStartArray("enum");
            foreach (var command in commands) writer.WriteStringValue(command.Text);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartArray("required");
            writer.WriteStringValue("action");
            writer.WriteEndArray();
            writer.WriteBoolean("additionalProperties", false);
            writer.WriteEndObject();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Returns the GBNF grammar (llama.cpp, grammars/README.md): one alternative per command, written as the JSON text that stands for it.</summary>
    /// <param name="commands">The commands on offer; at least one.</param>
    public static string Gbnf(IReadOnlyList<ActionCall> commands)
    {
        ArgumentNullException.ThrowIfNull(commands);
        var text = new StringBuilder("root ::= \"{\\\"action\\\":\" action \"}\"\naction ::= ");
        for (int i = 0; i < commands.Count; i++)
        {
            if (i > 0) text.Append(" | ");
            Quote(text, "\"" + JsonEncodedText.Encode(commands[i].Text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"");
        }
        return text.Append('\n').ToString();
    }

    // A GBNF literal knows \" \\ \n \r \t \xXX \uXXXX \UXXXXXXXX; all else stands for itself.
    private static void Quote(StringBuilder text, string literal)
    {
        text.Append('"');
        foreach (var rune in literal.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\') text.Append('\\').Append((char)rune.Value);
            else if (rune.Value is >= 0x20 and < 0x7F) text.Append((char)rune.Value);
            else if (rune.IsBmp) text.Append("\\u").Append(rune.Value.ToString("X4", CultureInfo.InvariantCulture));
            else text.Append("\\U").Append(rune.Value.ToString("X8", CultureInfo.InvariantCulture));
        }
        text.Append('"');
    }
}
