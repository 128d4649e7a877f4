using System.Diagnostics;
using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Gathers late wake-ups into one sentence a second. One thread.</summary>
internal sealed class LatenessDigest
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private long _times, _last;
    private double _slots, _worstMs;

    /// <summary>Adds one late wake-up.</summary>
    /// <param name="lateMs">How late, in milliseconds.</param>
    /// <param name="slots">How many deadlines were left out.</param>
    public void Add(double lateMs, double slots)
    {
        _times++;
        _slots += slots;
        _worstMs = Math.Max(_worstMs, lateMs);
    }

    /// <summary>Returns the sentence when there is something to tell and the last one is a second old; null otherwise.</summary>
    public string? Take(string loop)
    {
        if (_times == 0 || (_last != 0 && Stopwatch.GetElapsedTime(_last) < Every)) return null;
        string text = string.Create(CultureInfo.InvariantCulture, $"Loop '{loop}': woke late {_times} times, up to {_worstMs:0.#} ms, and left {_slots:0} deadlines out; a longer Period:MinMs or a faster machine helps.");
        _last = Stopwatch.GetTimestamp();
        (_times, _slots, _worstMs) = (0, 0, 0);
        return text;
    }
}
