namespace EdgeAutonomy.Runtime;

/// <summary>Judges from a loop's progress counter whether it stands still. No thread, no clock of its own.</summary>
/// <remarks>Only finished cycles count as progress: a stage left out on purpose still lets its cycle finish, and a loop that spins in a stage does not.</remarks>
public sealed class StallDetector
{
    private readonly IControlLoop _loop;
    private long _seenCycles = -1;
    private long _since;
    private StallLevel _level;

    /// <summary>Makes a detector for one loop.</summary>
    public StallDetector(IControlLoop loop, WatchdogOptions options)
    {
        _loop = loop;
        Limit = Duration.Max(options.Limit, loop.Grid.Longest * 3);
    }

    /// <summary>Gets the limit in force: the configured one, but at least three of the loop's longest periods.</summary>
    public Duration Limit { get; }

    /// <summary>Gets the level found by the last <see cref="Check"/>.</summary>
    public StallLevel Level => _level;

    /// <summary>Looks at the loop.</summary>
    /// <param name="nowNs">The measured instant in nanoseconds.</param>
    /// <returns>A report when the level rose, or when it is <see cref="StallLevel.Stop"/>; null otherwise.</returns>
    public StallReport? Check(long nowNs)
    {
        long cycles = _loop.CompletedCycles;
        var marker = _loop.Marker;
        if (cycles != _seenCycles || marker.Phase == StagePhase.Stopped)
        {
            _seenCycles = cycles;
            _since = nowNs;
            _level = StallLevel.None;
            return null;
        }
        long steps = (nowNs - _since) / Limit.Nanoseconds;
        var level = (StallLevel)Math.Clamp(steps, 0, 3);
        bool rose = level > _level;
        _level = level;
        if (level == StallLevel.None || (!rose && level != StallLevel.Stop)) return null;
        string stage = marker.Phase == StagePhase.Run && marker.Stage < _loop.StageNames.Count ? _loop.StageNames[marker.Stage]
            : marker.Phase == StagePhase.Waiting ? "wait" : "account";
        return new StallReport(level, _loop.Name, stage, marker.Phase, new Duration(nowNs - _since), cycles);
    }
}
