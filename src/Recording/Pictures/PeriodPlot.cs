using System.Globalization;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording;

/// <summary>Draws how a loop paced itself: its period as steps, below it why, and the rung as a band with its changes marked.</summary>
public static class PeriodPlot
{
    private const double Left = 76, Top = 66, Right = 20, ReasonHeight = 44, RungHeight = 14, Gap = 14, Below = 58;
    private const int MostMarks = 40, LabelRows = 3;

    private static readonly string[] ReasonNames = ["fixed", "event rate", "error estimate", "policy", "safety", "waits to grow", "operator", "replay"];

    /// <summary>Returns the picture. Without cycles it has empty axes.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="trace">The periods.</param>
    /// <param name="width">Pixels, at least 300.</param>
    /// <param name="height">Pixels, at least 260.</param>
    public static string Draw(string title, PeriodTrace trace, int width = 900, int height = 420)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 300);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 260);
        double right = width - Right, axisAt = height - Below, rungTop = axisAt - RungHeight, reasonTop = rungTop - Gap - ReasonHeight, bottom = reasonTop - Gap;
        double start = trace.Start.Seconds, end = Math.Max(trace.End.Seconds, start + trace.BinLength.Seconds);
        var x = new PlotAxis(start, end, Left, right, exact: true);
        // Half a step of the grid above and below, so that the shortest and longest period are not drawn on the frame.
        var y = new PlotAxis(trace.Grid.Shortest.Milliseconds * 0.75, trace.Grid.Longest.Milliseconds * 1.33, bottom, Top, logarithmic: true);
        var svg = new SvgPicture(width, height, title);
        Grid(svg, trace, x, y, right, bottom, axisAt);
        var bins = trace.Bins;
        if (!bins.IsEmpty)
        {
            svg.Add($"<path d=\"{Steps(trace, x, y)}\" fill=\"none\" stroke-width=\"1.6\" stroke-linejoin=\"round\" class=\"s0\"/>");
            Marks(svg, trace, x, bottom);
            Reasons(svg, trace, right, reasonTop);
            Rungs(svg, trace, right, rungTop);
        }
        Band(svg, reasonTop, ReasonHeight, "why");
        Band(svg, rungTop, RungHeight, "rung");
        svg.Line(Left, Top, Left, bottom, "axis");
        svg.Line(Left, axisAt, right, axisAt, "axis");
        return svg.Finish();
    }

    private static void Grid(SvgPicture svg, PeriodTrace trace, PlotAxis x, PlotAxis y, double right, double bottom, double axisAt)
    {
        for (int i = 0; i < trace.Grid.Count; i++)
        {
            double ms = trace.Grid[i].Milliseconds, at = y.At(ms);
            svg.Line(Left, at, right, at, "grid");
            svg.Text(Left - 8, at + 4.5, SvgPicture.Number(ms), "soft", "end", 12);
        }
        foreach (double tick in x.Ticks)
        {
            svg.Line(x.At(tick), Top, x.At(tick), axisAt, "grid");
            svg.Text(x.At(tick), axisAt + 18, SvgPicture.Number(tick), "soft", "middle", 12);
        }
        svg.Text(0.5 * (Left + right), axisAt + 38, "time (s)", "soft", "middle");
        double middle = 0.5 * (Top + bottom);
        svg.Add($"<text x=\"18\" y=\"{middle:0.##}\" class=\"soft\" text-anchor=\"middle\" transform=\"rotate(-90 18 {middle:0.##})\">period (ms)</text>");
    }

    // A bin is never wider than two pixels of a usual picture; inside it only the extremes can be seen.
    private static string Steps(PeriodTrace trace, PlotAxis x, PlotAxis y)
    {
        var path = new StringBuilder();
        var c = CultureInfo.InvariantCulture;
        int at = -1;
        for (int i = 0; i < trace.Bins.Length; i++)
        {
            ref readonly var bin = ref trace.Bins[i];
            if (bin.Count == 0) continue;
            double px = x.At(trace.Start.Seconds + i * trace.BinLength.Seconds);
            if (at < 0) path.Append(c, $"M{px:0.##} {Y(bin.First):0.##}");
            else if (bin.First != at || bin.Low != bin.High) path.Append(c, $"H{px:0.##}V{Y(bin.First):0.##}");
            if (bin.Low != bin.High) path.Append(c, $"V{Y(bin.Low):0.##}V{Y(bin.High):0.##}V{Y(bin.Last):0.##}");
            at = bin.Last;
        }
        return path.Append(c, $"H{x.At(trace.End.Seconds):0.##}").ToString();

        double Y(byte index) => y.At(trace.Grid[index].Milliseconds);
    }

    private static void Reasons(SvgPicture svg, PeriodTrace trace, double right, double top)
    {
        int columns = Math.Clamp((int)((right - Left) / 2), 1, trace.Bins.Length);
        double width = (right - Left) / columns;
        // One path per reason, coarser than the bins: shares of single cycles would be noise.
        var paths = new StringBuilder[PeriodTrace.Reasons];
        for (int k = 0; k < columns; k++)
        {
            var sum = Sum(trace, k, columns);
            if (sum.Count == 0) continue;
            double y = top + ReasonHeight, left = Left + k * width;
            for (int r = 0; r < PeriodTrace.Reasons; r++)
            {
                if (sum.Reasons[r] == 0) continue;
                double tall = ReasonHeight * sum.Reasons[r] / sum.Count;
                y -= tall;
                (paths[r] ??= new StringBuilder()).Append(CultureInfo.InvariantCulture, $"M{left:0.##} {y:0.##}h{width + 0.1:0.##}v{tall:0.##}H{left:0.##}z");
            }
        }
        var names = new List<(string, int)>();
        for (int r = 0; r < PeriodTrace.Reasons; r++)
        {
            if (paths[r] is not { } path) continue;
            svg.Add($"<path d=\"{path}\" class=\"f{ColorOf(r)}\" fill-opacity=\"0.85\"/>");
            names.Add((ReasonNames[r], ColorOf(r)));
        }
        double at = right;
        foreach (var (name, color) in names.AsEnumerable().Reverse())
        {
            at -= 7.2 * name.Length;
            svg.Text(at, 26, name, "ink");
            svg.Add($"<rect x=\"{at - 16:0.##}\" y=\"17\" width=\"10\" height=\"10\" rx=\"2\" class=\"f{color}\" fill-opacity=\"0.85\"/>");
            at -= 30;
        }
    }

    private static PeriodTrace.Bin Sum(PeriodTrace trace, int column, int columns)
    {
        var sum = default(PeriodTrace.Bin);
        int from = (int)((long)column * trace.Bins.Length / columns), to = (int)((long)(column + 1) * trace.Bins.Length / columns);
        for (int i = from; i < to; i++) sum.Add(trace.Bins[i]);
        return sum;
    }

    // Neighbours of one rung are one rectangle; a bin on a bad rung is at least a pixel wide.
    private static void Rungs(SvgPicture svg, PeriodTrace trace, double right, double top)
    {
        double scale = (right - Left) / trace.Bins.Length;
        for (int i = 0; i < trace.Bins.Length;)
        {
            var rung = trace.Bins[i].Worst;
            int end = i + 1;
            while (end < trace.Bins.Length && (trace.Bins[end].Count == 0 || trace.Bins[end].Worst == rung)) end++;
            svg.Add($"<rect x=\"{Left + i * scale:0.##}\" y=\"{top:0.##}\" width=\"{Math.Max(1, (end - i) * scale):0.##}\" height=\"{RungHeight}\" fill=\"{RungColor(rung)}\"/>");
            i = end;
        }
    }

    private static void Marks(SvgPicture svg, PeriodTrace trace, PlotAxis x, double bottom)
    {
        var free = new double[LabelRows];
        int marks = 0;
        double before = double.NegativeInfinity;
        foreach (var (time, rung, reason) in trace.RungChanges)
        {
            double at = x.At(time.Seconds);
            if (at - before < 2 || marks == MostMarks) continue;
            (before, marks) = (at, marks + 1);
            svg.Line(at, Top - 6, at, bottom, "mark");
            string text = $"{rung}: {reason}";
            int row = Array.FindIndex(free, f => f <= at);
            if (row < 0) continue;
            bool flip = at + 6.2 * text.Length > x.At(double.MaxValue);
            if (flip && Array.Exists(free, f => f > at - 6.2 * text.Length)) continue;
            free[row] = flip ? double.PositiveInfinity : at + 6.2 * text.Length + 8;
            double wide = 6.2 * text.Length;
            svg.Add($"<rect x=\"{(flip ? at - 6 - wide : at + 2):0.##}\" y=\"{Top - 3 + 13 * row:0.##}\" width=\"{wide + 4:0.##}\" height=\"14\" rx=\"3\" class=\"chip\"/>");
            svg.Text(flip ? at - 4 : at + 4, Top + 8 + 13 * row, text, "soft", flip ? "end" : "start", 11);
        }
        long hidden = trace.Changes - marks;
        if (trace.Changes > 0) svg.Text(Left, 48, hidden > 0 ? $"{trace.Changes} changes of the rung, {marks} marked" : $"{trace.Changes} changes of the rung", "soft", "start", 12);
    }

    private static void Band(SvgPicture svg, double top, double height, string name) => svg.Text(Left - 8, top + 0.5 * height + 4.5, name, "soft", "end", 12);

    private static int ColorOf(int reason) => reason switch { (int)PeriodReason.EventRate => 0, (int)PeriodReason.SafetyShrink => 7, (int)PeriodReason.DwellHold => 1, (int)PeriodReason.ErrorEstimate => 2, (int)PeriodReason.Learned => 4, (int)PeriodReason.Operator => 3, (int)PeriodReason.Replay => 5, _ => 6 };

    private static string RungColor(Rung rung) => rung switch { Rung.Nominal => "#30a46c", Rung.Strained => "#f5d90a", Rung.Degraded => "#f5a524", Rung.Hold => "#e5484d", _ => "#8e1f2f" };
}
