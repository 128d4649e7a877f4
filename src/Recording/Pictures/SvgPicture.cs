using System.Globalization;
using System.Text;

namespace EdgeAutonomy.Recording;

/// <summary>Collects the parts of an SVG picture that reads well on light and on dark pages.</summary>
/// <remarks>Colours are CSS classes with a dark variant (prefers-color-scheme), so that one file serves both. Numbers have at most two decimals:
/// finer than a screen, and stable between runs.</remarks>
internal sealed class SvgPicture
{
    // Without measuring text: a wide guess for a letter of 13 px, so that names never overlap.
    private const double LetterWidth = 7.2, LegendGap = 32;

    private readonly StringBuilder _text = new();

    public SvgPicture(int width, int height, string title)
    {
        Width = width;
        Height = height;
        Add($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif\" font-size=\"13\">");
        Add($"<title>{Escape(title)}</title>");
        var style = new StringBuilder("<style>.bg{fill:#fff}.ink{fill:#1f2328}.soft{fill:#656d76}.grid{stroke:#e4e7eb;stroke-width:1}.axis{stroke:#8c959f;stroke-width:1}.wall{stroke:#57606a}.halo{stroke:#fff}.mark{stroke:#1f2328;stroke-width:1.2;stroke-dasharray:4 3}.median{stroke:#1f2328}.goal{stroke:#57606a}.chip{fill:#fff;fill-opacity:.82}");
        for (int i = 0; i < ViewPalette.Series.Length; i++) style.Append(CultureInfo.InvariantCulture, $".s{i}{{stroke:#{ViewPalette.Series[i]:x6}}}.f{i}{{fill:#{ViewPalette.Series[i]:x6}}}");
        style.Append("@media (prefers-color-scheme:dark){.bg{fill:#0d1117}.ink{fill:#e6edf3}.soft{fill:#8b949e}.grid{stroke:#21262d}.axis{stroke:#484f58}.wall{stroke:#8b949e}.halo{stroke:#0d1117}.mark{stroke:#e6edf3}.median{stroke:#e6edf3}.goal{stroke:#8b949e}.chip{fill:#0d1117}}</style>");
        _text.Append(style).Append('\n');
        Add($"<rect class=\"bg\" width=\"{width}\" height=\"{height}\"/>");
        // Without measuring text: 9 px is a guess for a bold letter of 16 px. A long title is written smaller, and cut where that does not help; <title> has it whole.
        int size = Math.Clamp((int)(16 * (width - 32) / (9.0 * Math.Max(1, title.Length))), 11, 16), letters = (int)((width - 32) / (9.0 * size / 16));
        Text(16, 26, title.Length > letters ? title[..(letters - 1)] + "…" : title, "ink", "start", size, true);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Appends a line; numbers are written independent of the machine's language.</summary>
    public void Add(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    public void Text(double x, double y, string text, string css = "ink", string anchor = "start", int size = 13, bool bold = false) =>
        Add($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" class=\"{css}\" text-anchor=\"{anchor}\" font-size=\"{size}\"{(bold ? " font-weight=\"600\"" : "")}>{Escape(text)}</text>");

    public void Line(double x1, double y1, double x2, double y2, string css) =>
        Add($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" class=\"{css}\"/>");

    /// <summary>Draws grid, ticks and labels of both axes around a rectangle.</summary>
    public void Frame(PlotAxis x, PlotAxis y, double left, double top, double right, double bottom, string xLabel, string yLabel, Func<double, string>? xText = null)
    {
        foreach (double tick in y.Ticks)
        {
            Line(left, y.At(tick), right, y.At(tick), "grid");
            Text(left - 8, y.At(tick) + 4.5, Number(tick), "soft", "end", 12);
        }
        foreach (double tick in x.Ticks)
        {
            Line(x.At(tick), top, x.At(tick), bottom, "grid");
            Text(x.At(tick), bottom + 18, (xText ?? Number)(tick), "soft", "middle", 12);
        }
        Line(left, bottom, right, bottom, "axis");
        Line(left, top, left, bottom, "axis");
        Text(0.5 * (left + right), bottom + 38, xLabel, "soft", "middle");
        double middle = 0.5 * (top + bottom);
        Add($"<text x=\"18\" y=\"{middle:0.##}\" class=\"soft\" text-anchor=\"middle\" transform=\"rotate(-90 18 {middle:0.##})\">{Escape(yLabel)}</text>");
    }

    /// <summary>Returns how many rows a legend takes.</summary>
    public static int LegendRows(IReadOnlyList<string> names, double room) => Rows(names, room).Count;

    /// <summary>Writes rows of coloured names, right-aligned under the title line, 20 px apart.</summary>
    public void Legend(IReadOnlyList<string> names, double right, double y)
    {
        foreach (var (first, end) in Rows(names, right - 16))
        {
            double x = right;
            for (int i = end - 1; i >= first; i--)
            {
                x -= LetterWidth * names[i].Length;
                Text(x, y, names[i], "ink");
                Add($"<rect x=\"{x - 18:0.##}\" y=\"{y - 7:0.##}\" width=\"12\" height=\"4\" rx=\"2\" class=\"f{i % ViewPalette.Series.Length}\"/>");
                x -= LegendGap;
            }
            y += 20;
        }
    }

    private static List<(int First, int End)> Rows(IReadOnlyList<string> names, double room)
    {
        var rows = new List<(int, int)>();
        int first = 0;
        double used = 0;
        for (int i = 0; i < names.Count; i++)
        {
            double wide = LetterWidth * names[i].Length + LegendGap;
            if (i > first && used + wide > room)
            {
                rows.Add((first, i));
                (first, used) = (i, 0);
            }
            used += wide;
        }
        if (names.Count > 0) rows.Add((first, names.Count));
        return rows;
    }

    public string Finish() => _text.Append("</svg>\n").ToString();

    /// <summary>Writes a number as short as it reads: 1200, 0.05, 3e6.</summary>
    public static string Number(double value) => value == 0 ? "0" : Math.Abs(value) is >= 1e7 or < 1e-4
        ? value.ToString("0.##e0", CultureInfo.InvariantCulture)
        : value.ToString("#,0.####", CultureInfo.InvariantCulture).Replace(",", "\u2009", StringComparison.Ordinal);

    /// <summary>Makes any text safe inside XML; characters that XML forbids become U+FFFD.</summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<': safe.Append("&lt;"); break;
                case '>': safe.Append("&gt;"); break;
                case '&': safe.Append("&amp;"); break;
                case '"': safe.Append("&quot;"); break;
                case < 0x20 and not ('\t' or '\n' or '\r') or 0xFFFE or 0xFFFF: safe.Append('\uFFFD'); break;
                default: safe.Append(rune.ToString()); break;
            }
        }
        return safe.ToString();
    }
}
