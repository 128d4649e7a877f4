using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>What a client wants of a playback.</summary>
/// <param name="Play">Play, else pause.</param>
/// <param name="Speed">How fast; finite and positive; 1 = as it happened.</param>
/// <param name="Seek">Where to jump first; null = stay.</param>
/// <param name="RequestId">To be repeated in the state that answers.</param>
public readonly record struct FoxglovePlaybackRequest(bool Play, float Speed, Stamp? Seek, string RequestId);
