using System.Globalization;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Draws a latency histogram as SVG: logarithmic time axis, bars for shares, marks at p50, p99 and the maximum.</summary>
public static class HistogramPlot
{
    private const double Left = 76, Top = 66, Right = 24, Bottom = 54;
    private const int MostBars = 72;

    // The histogram's own counters are up to 1/64 of their value wide: narrower bars than a few of them would show the counters, not the data.
    private const double LeastRatio = 1.0625;

    /// <summary>Returns the picture. Without samples it has empty axes.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="histogram">The durations; may be written to meanwhile, then the picture is off by the samples in flight.</param>
    /// <param name="width">Pixels, at least 200.</param>
    /// <param name="height">Pixels, at least 150.</param>
    public static string Draw(string title, LatencyHistogram histogram, int width = 900, int height = 360)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 150);
        var copy = new LatencyHistogram();
        histogram.CopyTo(copy);
        double right = width - Right, bottom = height - Bottom;
        double low = Math.Max(1, copy.MinNs) * 0.8e-3, high = Math.Max(2, copy.MaxNs) * 1.25e-3;
        // Less than a factor of five looks like a spike on its own; room around it shows that it is one.
        if (high < 5 * low) (low, high) = (low / 2, high * 2);
        if (copy.Count == 0) (low, high) = (1, 1000);
        double span = DeterministicMath.Log(high / low);
        int bars = Math.Clamp((int)(span / DeterministicMath.Log(LeastRatio)), 1, MostBars);
        double ratio = DeterministicMath.Exp(span / bars);
        var shares = Shares(copy, low, ratio, bars);
        var x = new PlotAxis(low, high, Left, right, logarithmic: true);
        // Room above the tallest bar for the labels of the marks.
        var y = new PlotAxis(0, copy.Count == 0 ? 1 : 130 * shares.Max(), bottom, Top);
        var svg = new SvgPicture(width, height, title);
        svg.Frame(x, y, Left, Top, right, bottom, "latency", "share of samples (%)", Time);
        double edge = low;
        foreach (double share in shares)
        {
            double from = x.At(edge), to = x.At(edge *= ratio), top = y.At(100 * share);
            // A single outlier in a million must still be seen: no bar is lower than a pixel and a half.
            if (share > 0) svg.Add($"<rect x=\"{from + 0.5:0.##}\" y=\"{Math.Min(top, bottom - 1.5):0.##}\" width=\"{Math.Max(1, to - from - 1):0.##}\" height=\"{Math.Max(1.5, bottom - top):0.##}\" class=\"f0\"/>");
        }
        if (copy.Count > 0) Marks(svg, copy, x, right, bottom);
        svg.Text(right, 26, string.Create(CultureInfo.InvariantCulture, $"{copy.Count:#,0} samples, mean {Time(copy.MeanNs * 1e-3)}").Replace(",", "\u2009", StringComparison.Ordinal).Replace("samples\u2009", "samples,", StringComparison.Ordinal), "soft", "end");
        return svg.Finish();
    }

    /// <summary>Returns the share of samples in each of the bars, whose edges grow by a factor from the first on.</summary>
    /// <remarks>The histogram tells which duration a rank has; a binary search over ranks tells how many samples lie below an edge.</remarks>
    private static double[] Shares(LatencyHistogram histogram, double low, double ratio, int bars)
    {
        var shares = new double[bars];
        long below = 0, count = histogram.Count;
        double edge = low;
        for (int bar = 0; bar < bars && below < count; bar++)
        {
            edge *= ratio;
            long least = below, most = count;
            while (least < most)
            {
                long rank = least + (most - least + 1) / 2;
                if (histogram.Percentile((rank - 0.5) / count) * 1e-3 <= edge || bar == bars - 1) least = rank;
                else most = rank - 1;
            }
            shares[bar] = (double)(least - below) / count;
            below = least;
        }
        return shares;
    }

    private static void Marks(SvgPicture svg, LatencyHistogram histogram, PlotAxis x, double right, double bottom)
    {
        (string Name, double Us)[] marks = [("p50", histogram.Percentile(0.5) * 1e-3), ("p99", histogram.Percentile(0.99) * 1e-3), ("max", histogram.MaxNs * 1e-3)];
        for (int i = 0; i < marks.Length; i++)
        {
            double at = x.At(marks[i].Us), y = Top + 14 + 20 * i;
            string text = $"{marks[i].Name} {Time(marks[i].Us)}";
            // One height per mark, so that labels of close marks do not cover each other; at the right edge they stand left of their line.
            bool flip = at + 8 + 7.2 * text.Length > right;
            svg.Line(at, Top, at, bottom, "mark");
            double width = 7.4 * text.Length, labelX = flip ? at - 8 : at + 8;
            svg.Add($"<rect x=\"{(flip ? labelX - width - 1 : labelX - 3):0.##}\" y=\"{y - 13:0.##}\" width=\"{width + 4:0.##}\" height=\"18\" rx=\"3\" class=\"chip\"/>");
            svg.Text(labelX, y, text, "ink", flip ? "end" : "start", 13, true);
        }
    }

    private static string Time(double us) => us switch
    {
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{us * 1e-6:0.##} s"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{us * 1e-3:0.##} ms"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{us:0.##} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{us * 1e3:0} ns"),
    };
}
