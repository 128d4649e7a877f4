using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>A recording that is shown as if it were live, and can be steered.</summary>
/// <remarks>Every member may be called from any thread. The methods return at once; what they ask for happens soon. A seek must be followed by a view of the new
/// place even while it stands still. Whoever makes the views must hold no lock while it shows one that these members take, too.</remarks>
public interface IPlayback
{
    /// <summary>Gets the first instant of the recording. Never changes.</summary>
    Stamp Start { get; }

    /// <summary>Gets the last instant of the recording. Never changes.</summary>
    Stamp End { get; }

    /// <summary>Gets where it is: after <see cref="Seek"/> at once the place asked for.</summary>
    Stamp Now { get; }

    /// <summary>Gets whether it stands still because somebody asked for it.</summary>
    bool Paused { get; }

    /// <summary>Gets recorded seconds per second; positive.</summary>
    double Speed { get; }

    /// <summary>Goes on from <see cref="Now"/>.</summary>
    void Play();

    /// <summary>Stands still.</summary>
    void Pause();

    /// <summary>Goes to another place, playing or not as before.</summary>
    /// <param name="place">Between <see cref="Start"/> and <see cref="End"/>.</param>
    void Seek(Stamp place);

    /// <summary>Sets how fast it plays.</summary>
    /// <param name="speed">Recorded seconds per second; positive.</param>
    void SetSpeed(double speed);
}
