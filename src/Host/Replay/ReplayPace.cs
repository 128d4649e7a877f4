using System.Diagnostics;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Host;

/// <summary>Makes a replay take time, so that people can follow it.</summary>
internal sealed class ReplayPace(double speed)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private Stamp? _first;

    /// <summary>Waits until an instant of the recording is due.</summary>
    public void WaitFor(Stamp tag, CancellationToken stop)
    {
        _first ??= tag;
        double ahead = (tag - _first.Value).Seconds / speed - Stopwatch.GetElapsedTime(_start).TotalSeconds;
        if (ahead > 0.001) stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(ahead));
    }
}
