namespace EdgeAutonomy.Recording;

/// <summary>The type of the messages of one or more channels.</summary>
public sealed class McapSchema
{
    internal McapSchema(ushort id, string name, string encoding, byte[] data, RecordPlace place)
    {
        Id = id;
        Name = name;
        Encoding = encoding;
        Data = data;
        Place = place;
    }

    /// <summary>Gets the id, unique in the file; never 0.</summary>
    public ushort Id { get; }

    /// <summary>Gets the name of the type, such as "foxglove.RawImage".</summary>
    public string Name { get; }

    /// <summary>Gets the language of <see cref="Data"/>, such as "protobuf" or "jsonschema"; empty with empty data.</summary>
    public string Encoding { get; }

    /// <summary>Gets the schema itself.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    internal RecordPlace Place { get; }

    internal bool SameAs(McapSchema other) => Id == other.Id && Name == other.Name && Encoding == other.Encoding && Data.Span.SequenceEqual(other.Data.Span);
}
