namespace EdgeAutonomy.Recording;

/// <summary>What a playback is doing, with the protocol's numbers.</summary>
public enum FoxglovePlaybackStatus : byte
{
    /// <summary>Plays.</summary>
    Playing = 0,

    /// <summary>Stands still.</summary>
    Paused = 1,

    /// <summary>Waits for data.</summary>
    Buffering = 2,

    /// <summary>Reached the end.</summary>
    Ended = 3,
}
