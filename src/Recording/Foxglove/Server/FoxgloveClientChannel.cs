namespace EdgeAutonomy.Recording;

/// <summary>A channel on which a client publishes.</summary>
/// <param name="Id">The number that the client gave it.</param>
/// <param name="Topic">Its topic, such as "/move_base_simple/goal".</param>
/// <param name="Encoding">The encoding of its messages, such as "json".</param>
/// <param name="SchemaName">The name of its schema.</param>
public sealed record FoxgloveClientChannel(uint Id, string Topic, string Encoding, string SchemaName);
