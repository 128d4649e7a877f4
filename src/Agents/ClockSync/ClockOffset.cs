namespace EdgeAutonomy.Agents;

/// <summary>How a peer's clock stands against ours.</summary>
/// <param name="Offset">Peer's clock minus ours.</param>
/// <param name="Bound">By how much that may be wrong, either way.</param>
/// <param name="Rate">By how much the peer's clock gains per second of ours, s/s; 0 until the samples span a minute.</param>
public readonly record struct ClockOffset(Duration Offset, Duration Bound, double Rate);
