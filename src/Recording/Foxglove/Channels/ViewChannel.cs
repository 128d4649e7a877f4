namespace EdgeAutonomy.Recording;

/// <summary>A channel of messages for people: on the live socket and in recordings.</summary>
/// <param name="Id">Its number, from 0, in the order of appearance; never reused.</param>
/// <param name="Topic">Its topic, such as "/view/rover/scan".</param>
/// <param name="Schema">How its bytes are to be read.</param>
/// <param name="IsImage">Whether its messages are large, so that they must not hold up the others.</param>
public sealed record ViewChannel(int Id, string Topic, FoxgloveSchema Schema, bool IsImage = false)
{
    /// <summary>Gets the encoding of the messages: "protobuf" or "json".</summary>
    public string Encoding => Schema.MessageEncoding;
}
