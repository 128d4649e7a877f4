namespace EdgeAutonomy.Runtime;

/// <summary>A stopwatch that shows what it is told, so that a test can make a stage slow or a wake-up late.</summary>
/// <remarks>Each call of <see cref="Now"/> first moves by the next scripted step, then, once the script is used up, by
/// <see cref="DefaultStep"/>. One thread at a time. Allocation-free.</remarks>
public sealed class ScriptedMeasure : IMeasure
{
    private readonly long[] _steps;
    private long _now;
    private int _next;

    /// <summary>Makes a stopwatch.</summary>
    /// <param name="start">What it shows before the first call, in nanoseconds.</param>
    /// <param name="steps">By how many nanoseconds each call moves it, in order; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">A step is negative.</exception>
    public ScriptedMeasure(long start = 0, params long[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        foreach (long step in steps) ArgumentOutOfRangeException.ThrowIfNegative(step, nameof(steps));
        _now = start;
        _steps = steps;
    }

    /// <summary>Gets or sets by how many nanoseconds a call moves the stopwatch after the script; default 0.</summary>
    public long DefaultStep { get; set; }

    /// <summary>Gets how many times it was read.</summary>
    public long Calls { get; private set; }

    /// <summary>Moves the stopwatch forward between two calls, as if something had taken that long.</summary>
    public void Advance(Duration by)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(by.Nanoseconds, nameof(by));
        _now += by.Nanoseconds;
    }

    /// <inheritdoc/>
    public long Now()
    {
        Calls++;
        return _now += _next < _steps.Length ? _steps[_next++] : DefaultStep;
    }
}
