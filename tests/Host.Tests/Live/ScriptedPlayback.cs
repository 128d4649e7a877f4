using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A recording of ten seconds that moves only when the test moves it, and a note of every order.</summary>
internal sealed class ScriptedPlayback : IPlayback
{
    private readonly Lock _lock = new();
    private readonly List<string> _orders = [];
    private Stamp _now = Stamp.FromSeconds(5);
    private bool _paused = true;
    private double _speed = 1;

    public Stamp Start { get; } = Stamp.FromSeconds(5);

    public Stamp End { get; } = Stamp.FromSeconds(15);

    public Stamp Now
    {
        get { lock (_lock) return _now; }
    }

    public bool Paused
    {
        get { lock (_lock) return _paused; }
    }

    public double Speed
    {
        get { lock (_lock) return _speed; }
    }

    public string[] Orders
    {
        get { lock (_lock) return [.. _orders]; }
    }

    /// <summary>Told after a seek, so that a test can show the new place.</summary>
    public event Action<Stamp>? Sought;

    public void Play() => Note("play", () => _paused = false);

    public void Pause() => Note("pause", () => _paused = true);

    public void Seek(Stamp place)
    {
        Note(FormattableString.Invariant($"seek {place.Seconds}"), () => _now = place);
        Sought?.Invoke(place);
    }

    public void SetSpeed(double speed) => Note(FormattableString.Invariant($"speed {speed}"), () => _speed = speed);

    public void MoveTo(Stamp place)
    {
        lock (_lock) _now = place;
    }

    private void Note(string order, Action act)
    {
        lock (_lock)
        {
            _orders.Add(order);
            act();
        }
    }
}
