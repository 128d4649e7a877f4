using System.Text.Json;

namespace EdgeAutonomy.Agents;

/// <summary>Reads the one form of reply that is allowed: <c>{"action":"…"}</c>.</summary>
/// <remarks>Strict: UTF-8, one object, one key, nothing before or behind it but white space. Never throws on any bytes. Thread-safe.</remarks>
internal static class ReplyReader
{
    private const string Key = "action";

    /// <summary>Returns the action's text, or the refusal.</summary>
    public static GuardVerdict? Read(TextReply reply, int maxBytes, out string action)
    {
        action = "";
        var bytes = reply.Utf8.Span;
        if (reply.CutOff || bytes.Length > maxBytes) return Refuse(GuardReason.TooLong, $"The reply is longer than {maxBytes} bytes; answer with one short JSON object.");
        try
        {
            return ReadObject(bytes, ref action);
        }
        catch (JsonException)
        {
            return Refuse(GuardReason.NotJson, "The reply is not one JSON object; answer {\"action\":\"…\"} and nothing else.");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for text that is no valid UTF-8 or holds half a surrogate pair.
            return Refuse(GuardReason.NotJson, "The reply holds text that is not valid Unicode.");
        }
    }

    private static GuardVerdict? ReadObject(ReadOnlySpan<byte> bytes, ref string action)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 4 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return Refuse(GuardReason.NotAnObject, "The reply is JSON but not an object; answer {\"action\":\"…\"}.");
        string? found = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.GetString() is not Key) return Refuse(GuardReason.UnknownKey, "The reply has a key other than \"action\".");
            if (found is not null) return Refuse(GuardReason.DuplicateKey, "The reply names \"action\" twice.");
            if (!reader.Read() || reader.TokenType != JsonTokenType.String) return Refuse(GuardReason.NoAction, "The value of \"action\" is not text.");
            found = reader.GetString();
        }
        // The second of two objects, and words behind the first, make the reader throw here.
        if (reader.Read()) return Refuse(GuardReason.NotJson, "Something follows the JSON object.");
        if (string.IsNullOrEmpty(found)) return Refuse(GuardReason.NoAction, "The reply names no action.");
        action = found;
        return null;
    }

    private static GuardVerdict Refuse(GuardReason reason, string feedback) => GuardVerdict.Refuse(GuardStage.Shape, reason, feedback);
}
