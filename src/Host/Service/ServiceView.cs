using System.Globalization;

namespace EdgeAutonomy.Host;

/// <summary>Makes the table that stands at the end of a service's run.</summary>
public static class ServiceView
{
    /// <summary>Returns one row per loop.</summary>
    public static TableView Of(ServiceResult result)
    {
        var c = CultureInfo.InvariantCulture;
        return new TableView(
            string.Create(c, $"robot {result.Robot}: {result.WallSeconds:0.0} s, stopped by {result.Stopped}"),
            ["loop", "rung", "worst", ">cycles", ">missed", ">skipped", ">failed", ">p50 us", ">p99 us", ">max us", ">late p99 us"],
            [.. result.Loops.Select(l => (IReadOnlyList<string>)
            [
                l.Name, l.Rung, l.WorstRung, l.Cycles.ToString("N0", c), l.Misses.ToString("N0", c), l.SkippedSlots.ToString("N0", c), l.Failures.ToString("N0", c),
                l.LatencyUs.P50.ToString("0.0", c), l.LatencyUs.P99.ToString("0.0", c), l.LatencyUs.Max.ToString("0.0", c), l.LatenessUs.P99.ToString("0.0", c),
            ])]);
    }
}
