using System.Text;
using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Tests;

/// <summary>Reads all that arrives on a link, as text.</summary>
public sealed class LinkReader(IMqttLink link)
{
    private readonly LinkMessage _message = new();
    private readonly List<(string Topic, string Text, bool Retained, ulong Correlation)> _seen = [];

    /// <summary>Gets all that arrived so far.</summary>
    public IReadOnlyList<(string Topic, string Text, bool Retained, ulong Correlation)> Seen
    {
        get
        {
            while (link.Inbox.TryTake(_message)) _seen.Add((Encoding.UTF8.GetString(_message.Topic), Encoding.UTF8.GetString(_message.Payload), _message.Retained, _message.Correlation));
            return _seen;
        }
    }

    /// <summary>Gets the payloads of a topic so far, in order.</summary>
    public string[] Texts(string topic) => [.. Seen.Where(m => m.Topic == topic).Select(m => m.Text)];

    /// <summary>Returns whether a payload has arrived on a topic.</summary>
    public bool Has(string topic, string text) => Seen.Any(m => m.Topic == topic && m.Text == text);
}
