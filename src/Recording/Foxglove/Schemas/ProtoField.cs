namespace EdgeAutonomy.Recording;

/// <summary>One field of a protobuf message in the table of schemas.</summary>
/// <param name="Name">The field's name, in snake case.</param>
/// <param name="Number">The field's number.</param>
/// <param name="Type">A scalar type, ".Name" of an enum of the message, or the short name of another message.</param>
/// <param name="Repeated">Whether there may be any number of it.</param>
/// <param name="Optional">Whether it has explicit presence.</param>
internal sealed record ProtoField(string Name, int Number, string Type, bool Repeated, bool Optional)
{
    private const int Enum = 14, Message = 11;

    public bool IsMessage => Code == Message;

    public bool IsEnum => Code == Enum;

    /// <summary>The type's number in descriptor.proto.</summary>
    public int Code => Type switch
    {
        "double" => 1,
        "int64" => 3,
        "int32" => 5,
        "fixed32" => 7,
        "bool" => 8,
        "string" => 9,
        "bytes" => 12,
        _ => Type[0] == '.' ? Enum : Message,
    };

    /// <summary>The full name of the message type: times belong to protobuf itself, the rest to Foxglove.</summary>
    public string MessageName => (Type is "Timestamp" or "Duration" ? "google.protobuf." : "foxglove.") + Type;
}
