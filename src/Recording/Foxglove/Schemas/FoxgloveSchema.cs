namespace EdgeAutonomy.Recording;

/// <summary>How the bytes of a view channel are to be read by a program that never saw ours.</summary>
/// <param name="Name">The schema's name, such as "foxglove.SceneUpdate".</param>
/// <param name="Encoding">"protobuf" (a binary FileDescriptorSet) or "jsonschema".</param>
/// <param name="Data">The schema: raw in MCAP, base64 of it on the WebSocket when it is binary.</param>
public sealed record FoxgloveSchema(string Name, string Encoding, ReadOnlyMemory<byte> Data)
{
    /// <summary>The schema encoding of protobuf messages.</summary>
    public const string Protobuf = "protobuf";

    /// <summary>The schema encoding of JSON messages.</summary>
    public const string JsonSchema = "jsonschema";

    /// <summary>Gets the encoding of the messages themselves: "protobuf" or "json".</summary>
    public string MessageEncoding => Encoding == Protobuf ? Protobuf : "json";

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
