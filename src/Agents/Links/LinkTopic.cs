using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>A topic to publish to, checked and encoded once.</summary>
/// <remarks>Make it once and keep it: a message then costs no conversion. Immutable.</remarks>
public sealed class LinkTopic
{
    /// <summary>The longest topic in bytes of UTF-8; some hosted brokers allow no more.</summary>
    public const int MaxBytes = 128;

    /// <summary>The most levels.</summary>
    public const int MaxLevels = 7;

    private readonly byte[] _utf8;

    private LinkTopic(string text)
    {
        Text = text;
        _utf8 = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, _utf8);
    }

    /// <summary>Gets the topic.</summary>
    public string Text { get; }

    /// <summary>Gets the topic in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8.AsSpan(0, _utf8.Length - 1);

    /// <summary>Gets the topic in UTF-8 with a zero byte behind it.</summary>
    public ReadOnlySpan<byte> Utf8Z => _utf8;

    /// <summary>Makes a topic.</summary>
    /// <param name="text">Levels separated by slashes, without wildcards.</param>
    /// <exception cref="ArgumentException">It is empty, too long or too deep, or has a wildcard, a control character or half a character.</exception>
    public static LinkTopic Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (TopicRules.Fault(text) is { } fault) throw new ArgumentException($"MQTT topic '{UntrustedText.Clean(text, 160)}' {fault}", nameof(text));
        if (text.AsSpan().IndexOfAny('+', '#') >= 0) throw new ArgumentException($"MQTT topic '{UntrustedText.Clean(text, 160)}' has a wildcard; messages go to one topic.", nameof(text));
        return new LinkTopic(text);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
