using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Where a playback is.</summary>
/// <param name="Status">What it does.</param>
/// <param name="Time">Where it is.</param>
/// <param name="Speed">How fast it plays; 1 = as it happened.</param>
/// <param name="DidSeek">Whether it jumped.</param>
/// <param name="RequestId">The request that this answers; empty = none.</param>
public readonly record struct FoxglovePlaybackState(FoxglovePlaybackStatus Status, Stamp Time, float Speed, bool DidSeek = false, string RequestId = "");
