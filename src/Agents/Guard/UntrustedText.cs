using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>Makes text from outside (codes on walls, other robots' messages, map labels, a model's words) harmless to show, to log and to quote.</summary>
/// <remarks>It stays data: cleaning does not make it an instruction, and quoting as JSON is the caller's next step. Thread-safe.</remarks>
public static class UntrustedText
{
    /// <summary>Returns the text on one line, without control, format and unpaired surrogate characters, and no longer than allowed.</summary>
    /// <param name="text">Any text; null counts as empty.</param>
    /// <param name="maxLength">The longest result in UTF-16 units; at least 1. Longer text ends in "…".</param>
    public static string Clean(string? text, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        if (string.IsNullOrEmpty(text)) return "";
        var kept = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes turns an unpaired surrogate into U+FFFD; nothing else needs that sign here.
            var category = rune.Value == 0xFFFD ? UnicodeCategory.Surrogate : Rune.GetUnicodeCategory(rune);
            bool space = rune.Value is '\t' or '\n' or '\r' || category is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            // Format characters hide or reorder what a person reads (zero width, bidirectional overrides).
            if (!space && category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse) continue;
            int width = space ? 1 : rune.Utf16SequenceLength;
            if (kept.Length + width > maxLength)
            {
                while (kept.Length > 0 && (kept.Length + 1 > maxLength || char.IsHighSurrogate(kept[^1]))) kept.Length--;
                return kept.Append('…').ToString();
            }
            if (space) kept.Append(' ');
            else kept.Append(rune.ToString());
        }
        return kept.ToString();
    }
}
