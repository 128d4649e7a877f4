namespace EdgeAutonomy.Agents;

/// <summary>What a broker allows on this connection.</summary>
/// <param name="ReceiveMaximum">How many messages of quality 1 may wait for their acknowledgement.</param>
/// <param name="MaxPacketBytes">The largest packet.</param>
/// <param name="MaxQos">The best quality, 0 to 2.</param>
/// <param name="RetainAvailable">Whether it keeps the last message of a topic.</param>
/// <param name="WildcardAvailable">Whether filters may have + and #.</param>
/// <param name="SharedAvailable">Whether filters may be shared.</param>
/// <param name="KeepAliveSeconds">The keep-alive in force.</param>
public readonly record struct LinkLimits(int ReceiveMaximum, int MaxPacketBytes, int MaxQos, bool RetainAvailable, bool WildcardAvailable, bool SharedAvailable, int KeepAliveSeconds);
