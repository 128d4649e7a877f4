using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>What a live hub takes for real time, moved by the test in steps of a millisecond, as a system timer would.</summary>
internal sealed class LiveTime
{
    private readonly SimClock _clock = new();

    public LiveTime() => Provider = new ClockTimeProvider(_clock, DateTimeOffset.UnixEpoch);

    public ClockTimeProvider Provider { get; }

    public void Advance(double seconds)
    {
        for (long ms = (long)(seconds * 1000); ms > 0; ms--)
        {
            _clock.AdvanceTo(_clock.Now + Duration.FromMilliseconds(1));
            Provider.FireDueTimers();
        }
    }
}
