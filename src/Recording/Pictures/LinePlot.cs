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
            }
        }
        // Heights are compared by eye, so the axis starts at zero unless the data lies far from it.
        if (lowY > 0 && lowY < 0.6 * highY) lowY = 0;
        double right = width - Right, bottom = height - Bottom;
        var x = new PlotAxis(lowX, highX, Left, right, exact: true);
        var y = new PlotAxis(lowY, highY, bottom, Top);
        var svg = new SvgPicture(width, height, title);
        svg.Frame(x, y, Left, Top, right, bottom, xLabel, yLabel);
        for (int i = 0; i < series.Count; i++)
        {
            string path = Path(series[i], x, y, (int)(right - Left));
            if (path.Length > 0) svg.Add($"<path d=\"{path}\" fill=\"none\" stroke-width=\"1.8\" stroke-linejoin=\"round\" class=\"s{i % ViewPalette.Series.Length}\"/>");
        }
        svg.Legend([.. series.Select(s => s.Name)], right, 48);
        return svg.Finish();
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
