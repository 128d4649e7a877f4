namespace EdgeAutonomy.Recording;

/// <summary>The schemas and channels of one file by id. The same one may stand in many places, but always the same.</summary>
internal sealed class Catalog(DefectList defects)
{
    // The content as it first came: almost every repetition is the same bytes, and costs no parsing then.
    private readonly Dictionary<(McapOpcode, ushort), byte[]> _contents = [];
    private readonly Dictionary<ushort, McapSchema> _schemas = [];
    private readonly Dictionary<ushort, McapChannel> _channels = [];

    public IReadOnlyCollection<McapSchema> Schemas => _schemas.Values;

    public IReadOnlyCollection<McapChannel> Channels => _channels.Values;

    public McapChannel? Find(ushort channel) => _channels.GetValueOrDefault(channel);

    /// <summary>Takes a Schema or Channel record.</summary>
    /// <exception cref="McapException">Malformed, or another one with this id was there before.</exception>
    public void Add(McapOpcode opcode, ReadOnlySpan<byte> content, in RecordPlace place)
    {
        if (content.Length >= 2)
        {
            ushort id = System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(content);
            if (_contents.TryGetValue((opcode, id), out byte[]? known) && content.SequenceEqual(known)) return;
        }
        if (opcode == McapOpcode.Schema) AddSchema(RecordParser.Schema(content, place), content);
        else AddChannel(RecordParser.Channel(content, place), content);
    }

    /// <summary>Returns the channel of a message, or null where the record that told of it stood in a chunk that was skipped.</summary>
    /// <exception cref="McapException">No channel record came before the message, and nothing was skipped.</exception>
    public McapChannel? Of(in MessageHead message, in RecordPlace place)
    {
        if (_channels.TryGetValue(message.Channel, out var channel)) return channel;
        if (!defects.HasGaps) throw place.Error($"its channel {message.Channel} is unknown; a Channel record must come before (MCAP §Message).");
        defects.Add(McapDefectKind.MessagesSkipped, place.FileOffset, 0, message.Channel, $"messages of channel {message.Channel} are left out from offset {place.FileOffset} on: the record that describes it was in a skipped chunk.");
        return null;
    }

    private void AddSchema(McapSchema schema, ReadOnlySpan<byte> content)
    {
        if (_schemas.TryGetValue(schema.Id, out var known))
        {
            if (!known.SameAs(schema)) throw schema.Place.Error($"schema {schema.Id} is '{schema.Name}', but the {known.Place.Text} has '{known.Name}' or other data under this id.");
            return;
        }
        _schemas.Add(schema.Id, schema);
        _contents.Add((McapOpcode.Schema, schema.Id), content.ToArray());
    }

    private void AddChannel(McapChannel channel, ReadOnlySpan<byte> content)
    {
        if (_channels.TryGetValue(channel.Id, out var known))
        {
            if (!known.SameAs(channel)) throw channel.Place.Error($"channel {channel.Id} is '{channel.Topic}', but the {known.Place.Text} has '{known.Topic}' or other fields under this id.");
            return;
        }
        if (channel.SchemaId != 0)
        {
            channel.Schema = _schemas.GetValueOrDefault(channel.SchemaId);
            if (channel.Schema is null && !defects.HasGaps) throw channel.Place.Error($"its schema {channel.SchemaId} is unknown; a Schema record must come before (MCAP §Channel).");
        }
        _channels.Add(channel.Id, channel);
        _contents.Add((McapOpcode.Channel, channel.Id), content.ToArray());
    }
}
