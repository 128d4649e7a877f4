using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Where a playback is.</summary>
/// <param name="Start">The first instant of the recording.</param>
/// <param name="End">The last instant of the recording.</param>
/// <param name="Now">Where it is.</param>
/// <param name="Paused">Whether it was asked to stand still.</param>
/// <param name="Speed">Recorded seconds per second.</param>
public readonly record struct PlaybackState(Stamp Start, Stamp End, Stamp Now, bool Paused, double Speed)
{
    /// <summary>Gets whether there is nothing left to play.</summary>
    public bool Ended => Now >= End;
}
