namespace EdgeAutonomy.Recording;

/// <summary>One protobuf message in the table of schemas; it lives in a file of its own, as Foxglove's do.</summary>
/// <param name="Name">The full name, such as "foxglove.Log".</param>
/// <param name="Fields">Its fields, by number.</param>
/// <param name="EnumNames">Name of its nested enum, then the names of the values 0, 1, …; empty = none.</param>
internal sealed record ProtoMessage(string Name, IReadOnlyList<ProtoField> Fields, IReadOnlyList<string> EnumNames)
{
    private string Package => Name[..Name.LastIndexOf('.')];

    private string ShortName => Name[(Name.LastIndexOf('.') + 1)..];

    private string FileName => Package == "foxglove" ? $"foxglove/{ShortName}.proto" : $"google/protobuf/{ShortName.ToLowerInvariant()}.proto";

    /// <summary>The full names of the messages its fields use, each once.</summary>
    public IEnumerable<string> Imports => Fields.Where(f => f.IsMessage).Select(f => f.MessageName).Distinct(StringComparer.Ordinal);

    /// <summary>Writes the FileDescriptorProto (numbers from descriptor.proto) as an element of the given field.</summary>
    public void WriteFile(ProtoWriter writer, int field)
    {
        int file = writer.Begin(field);
        writer.Text(1, FileName);
        writer.Text(2, Package);
        foreach (string import in Imports) writer.Text(3, new ProtoMessage(import, [], []).FileName);
        int message = writer.Begin(4);
        writer.Text(1, ShortName);
        int optionals = 0;
        foreach (var f in Fields) WriteField(writer, f, ref optionals);
        if (EnumNames.Count > 0) WriteEnum(writer);
        // proto3 keeps the presence of an optional field in a oneof of its own, named with an underscore.
        foreach (var f in Fields.Where(f => f.Optional))
        {
            int oneof = writer.Begin(8);
            writer.Text(1, "_" + f.Name);
            writer.End(oneof);
        }
        writer.End(message);
        writer.Text(12, "proto3");
        writer.End(file);
    }

    private void WriteField(ProtoWriter writer, ProtoField field, ref int optionals)
    {
        const int Optional = 1, Repeated = 3;
        int mark = writer.Begin(2);
        writer.Text(1, field.Name);
        writer.Varint(3, field.Number);
        writer.Varint(4, field.Repeated ? Repeated : Optional);
        writer.Varint(5, field.Code);
        if (field.IsMessage) writer.Text(6, "." + field.MessageName);
        if (field.IsEnum) writer.Text(6, "." + Name + field.Type);
        if (field.Optional)
        {
            // oneof_index has explicit presence in descriptor.proto (proto2), so index 0 must be on the wire too: tag 9 << 3, then the index.
            var place = writer.GetSpan(2);
            place[0] = 9 << 3;
            place[1] = (byte)optionals++;
            writer.Advance(2);
            writer.Bool(17, true);
        }
        writer.End(mark);
    }

    private void WriteEnum(ProtoWriter writer)
    {
        int mark = writer.Begin(4);
        writer.Text(1, EnumNames[0]);
        for (int i = 1; i < EnumNames.Count; i++)
        {
            int value = writer.Begin(2);
            writer.Text(1, EnumNames[i]);
            // Explicit presence again: the value 0 must be on the wire.
            var place = writer.GetSpan(2);
            place[0] = 2 << 3;
            place[1] = (byte)(i - 1);
            writer.Advance(2);
            writer.End(value);
        }
        writer.End(mark);
    }
}
