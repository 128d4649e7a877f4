using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Steers a playback for many clients at once: the page, Foxglove's transport bar, services and parameters.</summary>
/// <remarks>Any thread. One change at a time; everybody is told of it, on the thread of whoever asked.</remarks>
public sealed class PlaybackControl
{
    /// <summary>The slowest and the fastest that may be asked for, in recorded seconds per second.</summary>
    public const double MinSpeed = 0.01, MaxSpeed = 1000;

    private readonly IPlayback _playback;
    private readonly Lock _lock = new();

    /// <summary>Makes the control.</summary>
    public PlaybackControl(IPlayback playback) => _playback = playback ?? throw new ArgumentNullException(nameof(playback));

    /// <summary>Told of every change, after it.</summary>
    internal event Action<PlaybackChange>? Changed;

    /// <summary>Gets where it is.</summary>
    public PlaybackState State => new(_playback.Start, _playback.End, _playback.Now, _playback.Paused, _playback.Speed);

    /// <summary>Carries a change out: the place first, then the speed, then play or pause. Play at the end begins again.</summary>
    internal ControlAnswer Apply(PlaybackChange change)
    {
        if (change.Speed is { } wanted && !(wanted is >= MinSpeed and <= MaxSpeed))
            return new(false, string.Create(CultureInfo.InvariantCulture, $"The speed is {wanted}; must be from {MinSpeed} to {MaxSpeed}."));
        lock (_lock)
        {
            if (change.Play == true && change.Seek is null && State.Ended) change = change with { Seek = _playback.Start };
            if (change.Seek is { } place) _playback.Seek(place > _playback.End ? _playback.End : Stamp.Max(_playback.Start, place));
            if (change.Speed is { } speed) _playback.SetSpeed(speed);
            if (change.Play is { } play)
            {
                if (play) _playback.Play();
                else _playback.Pause();
            }
        }
        Changed?.Invoke(change);
        return new(true, "Done.");
    }
}
