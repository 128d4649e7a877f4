namespace EdgeAutonomy.Recording;

/// <summary>A stream of messages of one type about one topic.</summary>
public sealed class McapChannel
{
    internal McapChannel(ushort id, ushort schemaId, string topic, string encoding, IReadOnlyDictionary<string, string> metadata, RecordPlace place)
    {
        Id = id;
        SchemaId = schemaId;
        Topic = topic;
        MessageEncoding = encoding;
        Metadata = metadata;
        Place = place;
    }

    /// <summary>Gets the id, unique in the file.</summary>
    public ushort Id { get; }

    /// <summary>Gets the id of the schema; 0 = none.</summary>
    public ushort SchemaId { get; }

    /// <summary>Gets the schema; null where there is none.</summary>
    public McapSchema? Schema { get; internal set; }

    /// <summary>Gets the topic, such as "/avoid/cycle". Several channels may have the same one.</summary>
    public string Topic { get; }

    /// <summary>Gets the encoding of the messages, such as "protobuf" or "json".</summary>
    public string MessageEncoding { get; }

    /// <summary>Gets the channel's own pairs.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    internal RecordPlace Place { get; }

    internal bool SameAs(McapChannel other) =>
        Id == other.Id && SchemaId == other.SchemaId && Topic == other.Topic && MessageEncoding == other.MessageEncoding && Metadata.Count == other.Metadata.Count
        && Metadata.All(p => other.Metadata.TryGetValue(p.Key, out string? value) && value == p.Value);
}
