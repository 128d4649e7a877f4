using System.Globalization;

namespace EdgeAutonomy.Recording;

/// <summary>Draws where a cycle's time goes: one row per stage, from the shortest to the longest duration, with median and 99th percentile, on one logarithmic axis.</summary>
public static class StagePlot
{
    private const double Top = 66, Right = 250, Bottom = 54, RowHeight = 34;

    /// <summary>Returns the picture; its height follows from the number of rows.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="rows">The stages in their order, such as those of <see cref="LoopViewBuilder.Latencies"/>; rows without samples stay empty.</param>
    /// <param name="width">Pixels, at least 500.</param>
    public static string Draw(string title, IReadOnlyList<StageLatency> rows, int width = 900)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 500);
        double left = Math.Clamp(24 + 7.2 * rows.Select(r => r.Stage.Length).DefaultIfEmpty(0).Max(), 76, 0.3 * width);
        double right = width - Right, bottom = Top + RowHeight * Math.Max(1, rows.Count);
        var some = rows.Where(r => r.Latency.Count > 0).Select(r => r.Latency).ToArray();
        double low = some.Length == 0 ? 1 : Math.Max(0.01, some.Min(l => l.MinNs) * 0.8e-3), high = some.Length == 0 ? 1000 : Math.Max(2 * low, some.Max(l => l.MaxNs) * 1.25e-3);
        var x = new PlotAxis(low, high, left, right, logarithmic: true);
        var svg = new SvgPicture(width, (int)(bottom + Bottom), title);
        foreach (double tick in x.Ticks)
        {
            svg.Line(x.At(tick), Top, x.At(tick), bottom, "grid");
            svg.Text(x.At(tick), bottom + 18, Time(tick), "soft", "middle", 12);
        }
        svg.Line(left, bottom, right, bottom, "axis");
        svg.Line(left, Top, left, bottom, "axis");
        svg.Text(0.5 * (left + right), bottom + 38, "duration: thin from shortest to longest, thick up to the 99th percentile, mark at the median", "soft", "middle", 12);
        string[] heads = ["p50", "p99", "max"];
        for (int i = 0; i < heads.Length; i++) svg.Text(right + 76 * (i + 1), Top - 8, heads[i], "soft", "end", 12);
        for (int i = 0; i < rows.Count; i++) Row(svg, rows[i], x, left, right, Top + RowHeight * (i + 0.5), i == rows.Count - 1 ? 1 : 0);
        return svg.Finish();
    }

    private static void Row(SvgPicture svg, StageLatency row, PlotAxis x, double left, double right, double y, int color)
    {
        int most = (int)((left - 24) / 7.2);
        svg.Text(left - 8, y + 4.5, row.Stage.Length > most ? string.Concat(row.Stage.AsSpan(0, Math.Max(1, most - 1)), "…") : row.Stage, "ink", "end");
        if (row.Latency.Count == 0) return;
        double min = At(row.Latency.MinNs), p50 = At(row.Latency.P50Ns), p99 = At(row.Latency.P99Ns), max = At(row.Latency.MaxNs);
        svg.Add($"<line x1=\"{min:0.##}\" y1=\"{y:0.##}\" x2=\"{max:0.##}\" y2=\"{y:0.##}\" class=\"s{color}\" stroke-width=\"2\" stroke-opacity=\"0.6\"/>");
        svg.Add($"<rect x=\"{min:0.##}\" y=\"{y - 6:0.##}\" width=\"{Math.Max(1, p99 - min):0.##}\" height=\"12\" rx=\"2\" class=\"f{color}\" fill-opacity=\"0.75\"/>");
        svg.Add($"<line x1=\"{p50:0.##}\" y1=\"{y - 10:0.##}\" x2=\"{p50:0.##}\" y2=\"{y + 10:0.##}\" class=\"median\" stroke-width=\"2\"/>");
        svg.Text(right + 76, y + 4.5, Time(row.Latency.P50Ns * 1e-3), "ink", "end");
        svg.Text(right + 152, y + 4.5, Time(row.Latency.P99Ns * 1e-3), "ink", "end");
        svg.Text(right + 228, y + 4.5, Time(row.Latency.MaxNs * 1e-3), "ink", "end");

        double At(long ns) => x.At(Math.Max(10, ns) * 1e-3);
    }

    private static string Time(double us) => us switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{us * 1e-6:0.##} s"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{us * 1e-3:0.##} ms"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{us:0.##} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{us * 1e3:0} ns"),
    };
}
