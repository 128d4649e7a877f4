using System.Text;

namespace EdgeAutonomy.Agents;

/// <summary>A topic that a hub has seen, with those who subscribed to it and the message it keeps.</summary>
internal sealed class HubTopic(string text, int id)
{
    public string Text { get; } = text;

    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>Gets its number in the order in which topics came up.</summary>
    public int Id { get; } = id;

    /// <summary>Gets who receives it, in the order of subscription.</summary>
    public List<HubSubscription> Routes { get; } = [];

    /// <summary>Gets the kept message.</summary>
    public HubMessage? Retained { get; private set; }

    /// <summary>Gets or sets how many messages in use are on it; where none is it may be forgotten.</summary>
    public int Users { get; set; }

    /// <summary>Takes over one count of the message, and gives back that of the one before.</summary>
    public void Keep(HubMessage? message)
    {
        Retained?.Release();
        Retained = message;
    }
}
