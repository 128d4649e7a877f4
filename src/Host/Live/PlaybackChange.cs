using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>What somebody wants of a playback.</summary>
/// <param name="Play">True = play, false = stand still, null = as before.</param>
/// <param name="Speed">How fast; null = as before.</param>
/// <param name="Seek">Where to go first; null = stay.</param>
/// <param name="RequestId">The name that the client gave its request; empty = none.</param>
internal readonly record struct PlaybackChange(bool? Play = null, double? Speed = null, Stamp? Seek = null, string RequestId = "");
