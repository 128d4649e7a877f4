using System.Globalization;
using System.Xml.Linq;
using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Recording.Tests;

public class PlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Theory]
    [InlineData(0.3, 0.5)]
    [InlineData(1, 1)]
    [InlineData(1.1, 2)]
    [InlineData(70, 100)]
    [InlineData(4e-7, 5e-7)]
    public void Step_AnySize_IsRound(double atLeast, double expected) => Assert.Equal(expected, PlotAxis.Step(atLeast), expected * 1e-12);

    [Fact]
    public void Ticks_Linear_AreRoundAndCover()
    {
        var axis = new PlotAxis(0.03, 0.97, 0, 700);
        Assert.Equal(0, axis.Ticks[0]);
        Assert.Equal(1, axis.Ticks[^1]);
        Assert.Contains(0.3, axis.Ticks);
        Assert.Equal(0, axis.At(0));
        Assert.Equal(700, axis.At(1));
    }

    [Fact]
    public void LinePlot_Steps_HasRightAnglesOnly()
    {
        var picture = Parse(LinePlot.Draw("Period", "time (s)", "period (ms)", [new("avoid", [0, 1, 2], [5, 10, 5], Steps: true)]));
        string path = (string)picture.Descendants(Svg + "path").Single().Attribute("d")!;
        Assert.DoesNotContain("L", path, StringComparison.Ordinal);
        Assert.Equal(2, path.Count(c => c == 'H'));
        Assert.Equal(2, path.Count(c => c == 'V'));
    }

    [Fact]
    public void LinePlot_GapsAndNaN_BreakTheLine()
    {
        var picture = Parse(LinePlot.Draw("x", "t", "y", [new("a", [0, 1, 2, 3, 4], [1, 2, double.NaN, 2, 1])]));
        Assert.Equal(2, ((string)picture.Descendants(Svg + "path").Single().Attribute("d")!).Count(c => c == 'M'));
        Assert.DoesNotContain("NaN", picture.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LinePlot_MillionPoints_StaysSmallAndKeepsThePeak()
    {
        var x = new double[1_000_000];
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (i * 1e-3, i % 10);
        y[617_283] = 100;
        string svg = LinePlot.Draw("x", "t", "y", [new("a", x, y)]);
        Assert.True(svg.Length < 200_000, $"{svg.Length} characters");
        Assert.Contains("V66", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void LinePlot_NothingToShow_IsStillAPicture()
    {
        Parse(LinePlot.Draw("empty", "t", "y", []));
        Parse(LinePlot.Draw("flat", "t", "y", [new("a", [1], [0])]));
        Assert.Throws<ArgumentException>(() => LinePlot.Draw("x", "t", "y", [new("a", [1], [])]));
    }

    [Fact]
    public void LinePlot_HostileNames_AreEscaped()
    {
        var picture = Parse(LinePlot.Draw("<script>&\u0001", "\"t\"", "y", [new("</svg>", [0, 1], [0, 1])]));
        Assert.Empty(picture.Descendants(Svg + "script"));
        Assert.Contains("<script>&\uFFFD", picture.Descendants(Svg + "title").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public void HistogramPlot_Bars_AddUpToAllSamples()
    {
        var histogram = new LatencyHistogram();
        for (int i = 0; i < 10_000; i++) histogram.Record(50_000 + i % 100 * 700);
        histogram.Record(9_000_000);
        var picture = Parse(HistogramPlot.Draw("Latency", histogram));
        var bars = picture.Descendants(Svg + "rect").Where(r => (string?)r.Attribute("class") == "f0").ToList();
        // Bars up to 1.5 px high are raised to that, so only a lone outlier may add more than its share.
        Assert.InRange(bars.Count, 5, 72);
        var texts = picture.Descendants(Svg + "text").Select(t => t.Value).ToList();
        Assert.Contains("max 9 ms", texts);
        Assert.Contains(texts, t => t.StartsWith("p50 8", StringComparison.Ordinal));
        double outlier = bars.Max(b => double.Parse((string)b.Attribute("x")!, CultureInfo.InvariantCulture));
        Assert.True(outlier > 700);
    }

    [Fact]
    public void HistogramPlot_FewOrNoSamples_IsStillAPicture()
    {
        var histogram = new LatencyHistogram();
        Parse(HistogramPlot.Draw("none", histogram));
        histogram.Record(0);
        Parse(HistogramPlot.Draw("one", histogram));
        Assert.Equal(1, histogram.Count);
    }

    [Fact]
    public void MapPlot_Axes_HaveEqualScale()
    {
        var map = new MapView("room", [new(0, 0, 8, 0), new(0, 0, 0, 5)], [new(2, 2, 0.5, true)], [new("r1", new Pose2(4, 2, 0), 0.2, new Goal(1, 7, 4, 0.3f), 0, 0)]);
        var picture = Parse(MapPlot.Draw("Paths", map, [new("r1", [new(1, 1, 0), new(2, 1, 0), new(double.NaN, 0, 0), new(4, 2, 0)])]));
        var walls = picture.Descendants(Svg + "line").Where(l => (string?)l.Attribute("class") == "wall").ToList();
        double Length(XElement line, string a, string b) => Math.Abs((double)line.Attribute(a)! - (double)line.Attribute(b)!);
        // Two decimals each end: 0.01 px over 8 m.
        Assert.Equal(Length(walls[0], "x1", "x2") / 8, Length(walls[1], "y1", "y2") / 5, 0.01);
        Assert.Equal(2, ((string)picture.Descendants(Svg + "path").Single().Attribute("d")!).Count(c => c == 'M'));
        // North is up: the goal lies above the robot.
        Assert.DoesNotContain("NaN", picture.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void MapPlot_Nothing_IsStillAPicture() => Parse(MapPlot.Draw("empty", MapView.None, []));

    private static XElement Parse(string svg) => XDocument.Parse(svg).Root!;
}
