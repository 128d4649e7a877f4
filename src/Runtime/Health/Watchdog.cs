namespace EdgeAutonomy.Runtime;

/// <summary>A thread of its own that watches loops and, when one hangs, makes its actuator safe without the loop's help.</summary>
/// <remarks>Normal priority, small stack. It keeps calling <see cref="IControlLoop.StopNow"/> while a loop stays stalled, because a hung stage may come
/// back in between and send something.</remarks>
public sealed class Watchdog : IDisposable
{
    private readonly StallDetector[] _detectors;
    private readonly IControlLoop[] _loops;
    private readonly IMeasure _measure;
    private readonly Action<StallReport> _found;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private readonly bool[] _reported;

    /// <summary>Makes a watchdog and starts its thread.</summary>
    /// <param name="loops">The loops to watch.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="found">Told of each rise of the level, once per level; called on the watchdog's thread, must not block.</param>
    /// <param name="measure">Time; null = the machine's monotonic time.</param>
    public Watchdog(IEnumerable<IControlLoop> loops, WatchdogOptions options, Action<StallReport> found, IMeasure? measure = null)
    {
        _loops = [.. loops];
        _detectors = Array.ConvertAll(_loops, loop => new StallDetector(loop, options));
        _reported = new bool[_loops.Length];
        _measure = measure ?? new MonotonicMeasure();
        _found = found;
        _thread = new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "edge-watchdog" };
        _thread.Start();
    }

    /// <summary>Gets the worst level of all loops.</summary>
    public StallLevel Level
    {
        get
        {
            var worst = StallLevel.None;
            foreach (var detector in _detectors) worst = detector.Level > worst ? detector.Level : worst;
            return worst;
        }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        _stop.Set();
        if (Thread.CurrentThread != _thread) _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        long shortest = long.MaxValue;
        foreach (var detector in _detectors) shortest = Math.Min(shortest, detector.Limit.Nanoseconds);
        int pauseMs = (int)Math.Clamp(shortest / 4 / 1_000_000, 1, 1000);
        while (!_stop.Wait(pauseMs))
        {
            long now = _measure.Now();
            for (int i = 0; i < _detectors.Length; i++) Look(i, now);
        }
    }

    private void Look(int i, long now)
    {
        var report = _detectors[i].Check(now);
        if (report is null)
        {
            if (_detectors[i].Level == StallLevel.None) _reported[i] = false;
            return;
        }
        if (report.Level == StallLevel.Stop)
        {
            _loops[i].StopNow();
            if (_reported[i]) return;
            _reported[i] = true;
        }
        _found(report);
    }
}
