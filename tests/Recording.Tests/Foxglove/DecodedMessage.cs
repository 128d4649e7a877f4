using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EdgeAutonomy.Recording.Tests;

/// <summary>A protobuf message read by Google's own library with nothing but the descriptor that we ship.</summary>
internal sealed class DecodedMessage
{
    private readonly Dictionary<string, List<object>> _fields = [];

    public static DecodedMessage Read(FoxgloveSchema schema, ReadOnlySpan<byte> data) => Read(Describe(schema), data.ToArray());

    /// <summary>Builds the descriptor; Google's library checks imports, type names, numbers and duplicates.</summary>
    public static MessageDescriptor Describe(FoxgloveSchema schema)
    {
        var set = FileDescriptorSet.Parser.ParseFrom(schema.Data.ToArray());
        var files = FileDescriptor.BuildFromByteStrings(set.File.Select(f => f.ToByteString()));
        return files.SelectMany(f => f.MessageTypes).Single(m => m.FullName == schema.Name);
    }

    public int Count(string field) => _fields.TryGetValue(field, out var values) ? values.Count : 0;

    public DecodedMessage Message(string field, int index = 0) => (DecodedMessage)_fields[field][index];

    public IReadOnlyList<DecodedMessage> Messages(string field) => _fields.TryGetValue(field, out var values) ? [.. values.Cast<DecodedMessage>()] : [];

    public double Number(string field, int index = 0) => _fields.TryGetValue(field, out var values) ? Convert.ToDouble(values[index], null) : 0;

    public string Text(string field) => _fields.TryGetValue(field, out var values) ? (string)values[0] : "";

    public byte[] Bytes(string field) => _fields.TryGetValue(field, out var values) ? ((ByteString)values[0]).ToByteArray() : [];

    private static DecodedMessage Read(MessageDescriptor type, byte[] data)
    {
        var message = new DecodedMessage();
        var input = new CodedInputStream(data);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            var field = type.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag));
            Assert.True(field is not null, $"{type.FullName} has no field {WireFormat.GetTagFieldNumber(tag)}");
            if (!message._fields.TryGetValue(field.Name, out var values)) message._fields[field.Name] = values = [];
            if (field.IsRepeated && field.FieldType is FieldType.Double or FieldType.Fixed32 && field.IsPacked)
            {
                Assert.Equal(WireFormat.WireType.LengthDelimited, WireFormat.GetTagWireType(tag));
                var packed = new CodedInputStream(input.ReadBytes().ToByteArray());
                while (!packed.IsAtEnd) values.Add(field.FieldType == FieldType.Double ? packed.ReadDouble() : packed.ReadFixed32());
                continue;
            }
            Assert.True(field.IsRepeated || values.Count == 0, $"{field.FullName} is there twice");
            Assert.Equal(Wire(field.FieldType), WireFormat.GetTagWireType(tag));
            values.Add(field.FieldType switch
            {
                FieldType.Double => input.ReadDouble(),
                FieldType.Fixed32 => input.ReadFixed32(),
                FieldType.Int64 => input.ReadInt64(),
                FieldType.Int32 => input.ReadInt32(),
                FieldType.Bool => input.ReadBool(),
                FieldType.Enum => Known(field, input.ReadEnum()),
                FieldType.String => input.ReadString(),
                FieldType.Bytes => input.ReadBytes(),
                FieldType.Message => Read(field.MessageType, input.ReadBytes().ToByteArray()),
                _ => throw new InvalidOperationException($"{field.FullName} has type {field.FieldType}"),
            });
        }
        return message;
    }

    private static int Known(FieldDescriptor field, int value)
    {
        Assert.NotNull(field.EnumType.FindValueByNumber(value));
        return value;
    }

    private static WireFormat.WireType Wire(FieldType type) => type switch
    {
        FieldType.Double => WireFormat.WireType.Fixed64,
        FieldType.Fixed32 => WireFormat.WireType.Fixed32,
        FieldType.String or FieldType.Bytes or FieldType.Message => WireFormat.WireType.LengthDelimited,
        _ => WireFormat.WireType.Varint,
    };
}
