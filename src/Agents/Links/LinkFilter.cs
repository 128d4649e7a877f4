using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>Which topics are subscribed: levels, with + for any one level and # for all that follow (MQTT 5, 4.7).</summary>
/// <remarks>Immutable.</remarks>
public sealed class LinkFilter
{
    private readonly byte[] _utf8;
    private readonly int _start;

    private LinkFilter(string text)
    {
        Text = text;
        _utf8 = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, _utf8);
        // A shared subscription matches by what stands behind $share/NAME/.
        _start = Share is null ? 0 : 8 + Encoding.UTF8.GetByteCount(Share);
    }

    /// <summary>Gets the filter.</summary>
    public string Text { get; }

    /// <summary>Gets the filter in UTF-8 with a zero byte behind it.</summary>
    public ReadOnlySpan<byte> Utf8Z => _utf8;

    /// <summary>Gets the name of the shared subscription; null = not shared.</summary>
    public string? Share => Text.StartsWith("$share/", StringComparison.Ordinal) ? Text[7..Text.IndexOf('/', 7)] : null;

    /// <summary>Makes a filter.</summary>
    /// <param name="text">As MQTT writes it.</param>
    /// <exception cref="ArgumentException">It breaks a rule of topics, or a wildcard does not stand alone on its level, or # is not the last.</exception>
    public static LinkFilter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Fault(text) is { } fault) throw new ArgumentException($"MQTT filter '{UntrustedText.Clean(text, 160)}' {fault}", nameof(text));
        return new LinkFilter(text);
    }

    /// <summary>Returns whether a topic matches. 0 bytes allocated.</summary>
    /// <param name="topic">The topic in UTF-8.</param>
    public bool Matches(ReadOnlySpan<byte> topic)
    {
        ReadOnlySpan<byte> filter = _utf8.AsSpan(_start, _utf8.Length - 1 - _start);
        // Topics of the broker itself are seen only by those who name them (4.7.2).
        if (topic is [(byte)'$', ..] && filter is [(byte)'+' or (byte)'#', ..]) return false;
        while (true)
        {
            if (filter is [(byte)'#']) return true;
            int f = filter.IndexOf((byte)'/'), t = topic.IndexOf((byte)'/');
            var wanted = f < 0 ? filter : filter[..f];
            var level = t < 0 ? topic : topic[..t];
            if (wanted is not [(byte)'+'] && !wanted.SequenceEqual(level)) return false;
            if (f < 0) return t < 0;
            filter = filter[(f + 1)..];
            // "a/#" matches "a" too.
            if (t < 0) return filter is [(byte)'#'];
            topic = topic[(t + 1)..];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static string? Fault(string text)
    {
        string body = text;
        if (text.StartsWith("$share/", StringComparison.Ordinal))
        {
            int end = text.IndexOf('/', 7);
            if (end <= 7 || text.AsSpan(7, end - 7).IndexOfAny('+', '#') >= 0 || end == text.Length - 1) return "is no shared subscription; must be $share/NAME/FILTER.";
            body = text[(end + 1)..];
        }
        if (TopicRules.Fault(body) is { } fault) return fault;
        string[] levels = body.Split('/');
        for (int i = 0; i < levels.Length; i++)
        {
            if (levels[i].Length > 1 && levels[i].AsSpan().IndexOfAny('+', '#') >= 0) return $"has a wildcard inside the level '{levels[i]}'; + and # must stand alone.";
            if (levels[i] == "#" && i != levels.Length - 1) return "has a # that is not last.";
        }
        return null;
    }
}
