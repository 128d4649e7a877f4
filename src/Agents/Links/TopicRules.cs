using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>What topics and filters have in common (MQTT 5, 4.7.3), and the limits of hosted brokers.</summary>
internal static class TopicRules
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Returns what is wrong, as the end of a sentence; null = nothing.</summary>
    public static string? Fault(string text)
    {
        if (text.Length == 0) return "is empty; must have at least one character.";
        int bytes;
        try
        {
            bytes = Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException)
        {
            return "has half a surrogate pair; must be Unicode text.";
        }
        if (bytes > LinkTopic.MaxBytes) return $"has {bytes} bytes; must have at most {LinkTopic.MaxBytes}.";
        int levels = text.AsSpan().Count('/') + 1;
        if (levels > LinkTopic.MaxLevels) return $"has {levels} levels; must have at most {LinkTopic.MaxLevels}.";
        foreach (char c in text)
        {
            if (char.IsControl(c)) return $"has the control character U+{(int)c:X4}; must have none.";
        }
        return null;
    }
}
