using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>An axis of a plot: which numbers lie where, and where the ticks are.</summary>
internal sealed class PlotAxis
{
    private readonly double _from, _to, _low, _high;
    private readonly bool _logarithmic;

    /// <summary>Makes an axis whose ends are ticks.</summary>
    /// <param name="low">The smallest number to be shown.</param>
    /// <param name="high">The largest.</param>
    /// <param name="from">Where the axis begins in the picture.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="logarithmic">Whether equal factors take equal room; numbers must then be positive.</param>
    /// <param name="exact">Whether the axis ends at the given numbers instead of at ticks.</param>
    public PlotAxis(double low, double high, double from, double to, bool logarithmic = false, bool exact = false)
    {
        (_from, _to, _logarithmic) = (from, to, logarithmic);
        if (!double.IsFinite(low) || !double.IsFinite(high) || high < low) (low, high) = logarithmic ? (1, 10) : (0, 1);
        if (high == low) (low, high) = logarithmic ? (low / 2, high * 2) : low == 0 ? (0, 1) : (low - 0.5 * Math.Abs(low), high + 0.5 * Math.Abs(high));
        double room = Math.Abs(to - from);
        if (logarithmic)
        {
            (_low, _high) = (low, high);
            Ticks = LogTicks(low, high);
            return;
        }
        double step = Step((high - low) / Math.Max(2, Math.Floor(room / 70)));
        _low = exact ? low : Math.Floor(low / step + 1e-9) * step;
        _high = exact ? high : Math.Ceiling(high / step - 1e-9) * step;
        var ticks = new List<double>();
        // Counted in whole steps: adding the step up would turn 0.3 into 0.30000000000000004.
        for (double k = Math.Ceiling(_low / step - 1e-9); k * step <= _high + 1e-9 * step; k++) ticks.Add(Tidy(k * step, step));
        Ticks = ticks;
    }

    /// <summary>The numbers at the ticks, ascending.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Returns where a number lies in the picture, not beyond the ends of the axis.</summary>
    public double At(double value)
    {
        double share = _logarithmic
            ? DeterministicMath.Log(Math.Clamp(value, _low, _high) / _low) / DeterministicMath.Log(_high / _low)
            : (Math.Clamp(value, _low, _high) - _low) / (_high - _low);
        return _from + share * (_to - _from);
    }

    /// <summary>Returns 1, 2 or 5 times a power of ten, at least as large as asked.</summary>
    internal static double Step(double atLeast)
    {
        double power = 1;
        while (power > atLeast) power /= 10;
        while (power * 10 <= atLeast) power *= 10;
        double share = atLeast / power;
        return power * (share <= 1 + 1e-9 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
    }

    private static double Tidy(double value, double step) => step < 1 ? Math.Round(value, Math.Clamp(Decimals(step), 0, 15)) : Math.Round(value);

    private static int Decimals(double step)
    {
        int decimals = 1;
        for (double power = 1; power > step && decimals < 15; power /= 10) decimals++;
        return decimals;
    }

    // 1, 2, 5 when there is room for them, powers of ten otherwise.
    private static List<double> LogTicks(double low, double high)
    {
        var ticks = new List<double>();
        bool fine = high / low < 2000;
        double power = 1;
        while (power > low) power /= 10;
        while (power * 10 <= low) power *= 10;
        for (; power <= high; power *= 10)
        {
            foreach (double factor in fine ? [1.0, 2.0, 5.0] : new[] { 1.0 })
            {
                if (power * factor >= low * 0.999 && power * factor <= high * 1.001) ticks.Add(power * factor);
            }
        }
        return ticks;
    }
}
