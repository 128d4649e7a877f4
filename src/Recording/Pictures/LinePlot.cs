using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Recording;

/// <summary>Draws curves over time as SVG: the period as steps, trust, power, several at once.</summary>
public static class LinePlot
{
    private const double Left = 76, Top = 66, Right = 20, Bottom = 54;

    /// <summary>Returns the picture. Without any finite point it has empty axes.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="xLabel">Name and unit, such as "time (s)".</param>
    /// <param name="yLabel">Name and unit, such as "period (ms)".</param>
    /// <param name="series">The curves. Long ones are thinned to what the picture can show; extremes stay.</param>
    /// <param name="width">Pixels, at least 200.</param>
    /// <param name="height">Pixels, at least 150.</param>
    /// <exception cref="ArgumentException">A curve has not as many abscissas as ordinates.</exception>
    public static string Draw(string title, string xLabel, string yLabel, IReadOnlyList<PlotSeries> series, int width = 900, int height = 360)
    {
        ArgumentNullException.ThrowIfNull(series);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 200);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 150);
        double lowX = double.PositiveInfinity, highX = double.NegativeInfinity, lowY = lowX, highY = highX;
        foreach (var s in series)
        {
            if (s.X.Count != s.Y.Count) throw new ArgumentException($"Series '{s.Name}' has {s.X.Count} abscissas and {s.Y.Count} ordinates; they must be as many.", nameof(series));
            for (int i = 0; i < s.X.Count; i++)
            {
                if (!double.IsFinite(s.X[i]) || !double.IsFinite(s.Y[i])) continue;
                (lowX, highX, lowY, highY) = (Math.Min(lowX, s.X[i]), Math.Max(highX, s.X[i]), Math.Min(lowY, s.Y[i]), Math.Max(highY, s.Y[i]));
                if (s.Band is not null && double.IsFinite(s.Band[i].Low) && double.IsFinite(s.Band[i].High)) (lowY, highY) = (Math.Min(lowY, s.Band[i].Low), Math.Max(highY, s.Band[i].High));
            }
        }
        // Heights are compared by eye, so the axis starts at zero unless the data lies far from it.
        if (lowY > 0 && lowY < 0.6 * highY) lowY = 0;
        string[] names = [.. series.Select(s => s.Name)];
        double right = width - Right, bottom = height - Bottom, top = Top + 20 * Math.Max(0, SvgPicture.LegendRows(names, right - 16) - 1);
        var x = new PlotAxis(lowX, highX, Left, right, exact: true);
        var y = new PlotAxis(lowY, highY, bottom, top);
        var svg = new SvgPicture(width, height, title);
        svg.Frame(x, y, Left, top, right, bottom, xLabel, yLabel);
        for (int i = 0; i < series.Count; i++)
        {
            if (series[i].HasMarks) Mark(svg, series[i], x, y, i % ViewPalette.Series.Length);
            else if (series[i].Band is not null) svg.Add($"<path d=\"{Around(series[i], x, y)}\" fill-opacity=\".14\" class=\"f{i % ViewPalette.Series.Length}\"/>");
            string path = Path(series[i], x, y, (int)(right - Left));
            if (path.Length > 0) svg.Add($"<path d=\"{path}\" fill=\"none\" stroke-width=\"1.8\" stroke-linejoin=\"round\" class=\"s{i % ViewPalette.Series.Length}\"/>");
        }
        svg.Legend(names, right, 48);
        return svg.Finish();
    }

    // A disc per point and a bar over its interval; colours by class, as the lines have them.
    private static void Mark(SvgPicture svg, PlotSeries series, PlotAxis x, PlotAxis y, int colour)
    {
        for (int i = 0; i < series.X.Count; i++)
        {
            if (!double.IsFinite(series.X[i]) || !double.IsFinite(series.Y[i])) continue;
            double at = x.At(series.X[i]);
            if (series.Band is { } band && double.IsFinite(band[i].Low) && double.IsFinite(band[i].High))
            {
                svg.Add($"<path d=\"M{at:0.##} {y.At(band[i].High):0.##}V{y.At(band[i].Low):0.##}\" stroke-width=\"1\" stroke-opacity=\".5\" class=\"s{colour}\"/>");
            }
            svg.Add($"<circle cx=\"{at:0.##}\" cy=\"{y.At(series.Y[i]):0.##}\" r=\"3\" class=\"f{colour}\"/>");
        }
    }

    // Along the upper ends, and back along the lower ones.
    private static string Around(PlotSeries series, PlotAxis x, PlotAxis y)
    {
        var path = new StringBuilder();
        int[] drawn = [.. Enumerable.Range(0, series.X.Count).Where(i => double.IsFinite(series.X[i]) && double.IsFinite(series.Band![i].Low) && double.IsFinite(series.Band[i].High))];
        foreach (int i in drawn) path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{x.At(series.X[i]):0.##} {y.At(series.Band![i].High):0.##}");
        foreach (int i in drawn.Reverse()) path.Append(CultureInfo.InvariantCulture, $"L{x.At(series.X[i]):0.##} {y.At(series.Band![i].Low):0.##}");
        return path.Append(path.Length == 0 ? "" : "Z").ToString();
    }

    // Of the points within one pixel column only the first, the lowest, the highest and the last can be seen.
    private static string Path(PlotSeries series, PlotAxis x, PlotAxis y, int columns)
    {
        var path = new StringBuilder();
        bool thin = series.X.Count > 4 * columns;
        bool broken = true;
        double lastY = 0;
        for (int i = 0; i < series.X.Count; i++)
        {
            if (!double.IsFinite(series.X[i]) || !double.IsFinite(series.Y[i]))
            {
                broken = true;
                continue;
            }
            double px = x.At(series.X[i]), py = y.At(series.Y[i]);
            if (thin && !broken)
            {
                int end = i;
                double low = py, high = py, last = py;
                while (end + 1 < series.X.Count && Math.Floor(x.At(series.X[end + 1])) == Math.Floor(px) && double.IsFinite(series.Y[end + 1]))
                {
                    last = y.At(series.Y[++end]);
                    (low, high) = (Math.Min(low, last), Math.Max(high, last));
                }
                if (end > i + 2)
                {
                    if (series.Steps) Append(path, 'H', px);
                    path.Append(CultureInfo.InvariantCulture, $"L{px:0.##} {py:0.##}V{low:0.##}V{high:0.##}V{last:0.##}");
                    (i, lastY) = (end, last);
                    continue;
                }
            }
            if (broken) path.Append(CultureInfo.InvariantCulture, $"M{px:0.##} {py:0.##}");
            else if (series.Steps)
            {
                Append(path, 'H', px);
                if (py != lastY) Append(path, 'V', py);
            }
            else path.Append(CultureInfo.InvariantCulture, $"L{px:0.##} {py:0.##}");
            broken = false;
            lastY = py;
        }
        return path.ToString();
    }

    private static void Append(StringBuilder path, char command, double value) => path.Append(command).Append(CultureInfo.InvariantCulture, $"{value:0.##}");
}
