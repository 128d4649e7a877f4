using System.Buffers.Binary;
using System.Xml.Linq;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Recording.Tests;

public class PeriodPlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_RungChanges_AreMarkedAndNamed()
    {
        var trace = new PeriodTrace(PeriodGrid.Default);
        for (int i = 0; i < 10_000; i++)
        {
            var rung = i is >= 4000 and < 5000 ? Rung.Degraded : Rung.Nominal;
            Add(trace, i * 4, i / 500 % 6, i % 5 == 0 ? PeriodReason.DwellHold : PeriodReason.EventRate, rung, rung == Rung.Degraded ? RungReason.Trust : RungReason.Recovered);
        }
        Assert.Equal(2, trace.Changes);
        string svg = PeriodPlot.Draw("rover1: period", trace);
        var picture = XDocument.Parse(svg).Root!;
        string[] texts = [.. picture.Elements(Svg + "text").Select(t => t.Value)];
        Assert.Contains("Degraded: Trust", texts);
        Assert.Contains("Nominal: Recovered", texts);
        Assert.Contains("event rate", texts);
        Assert.Contains("waits to grow", texts);
        Assert.Equal(2, picture.Elements(Svg + "line").Count(l => (string?)l.Attribute("class") == "mark"));
        // The steps, and one area per reason.
        Assert.Equal(3, picture.Elements(Svg + "path").Count());
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_DayOfCycles_StaysSmallAndKeepsTheShortestPeriod()
    {
        var trace = new PeriodTrace(PeriodGrid.Default);
        // A day at 32 ms would be 2.7 million cycles; every 32nd is enough to fill every bin many times.
        for (int i = 0; i < 84_375; i++) Add(trace, i * 1024L, i == 41_234 ? 0 : 4 + i % 2, PeriodReason.EventRate, Rung.Nominal, RungReason.None);
        string svg = PeriodPlot.Draw("day", trace);
        Assert.True(svg.Length < 400_000, $"{svg.Length} characters");
        Assert.Equal(84_375, trace.Cycles);
        int found = 0, counted = 0;
        foreach (ref readonly var bin in trace.Bins)
        {
            counted += bin.Count;
            if (bin is { Count: > 0, Low: 0 }) found++;
        }
        Assert.Equal((1, 84_375), (found, counted));
    }

    [Fact]
    public void Draw_Nothing_IsStillAPicture()
    {
        XDocument.Parse(PeriodPlot.Draw("empty", new PeriodTrace(new PeriodGrid(Duration.FromMilliseconds(4), 1))));
        XDocument.Parse(StagePlot.Draw("empty", []));
    }

    [Fact]
    public void Add_PeriodBeyondTheGrid_IsLeftOut()
    {
        var trace = new PeriodTrace(new PeriodGrid(Duration.FromMilliseconds(1), 2));
        Add(trace, 0, 7, PeriodReason.Fixed, Rung.Nominal, RungReason.None);
        Assert.Equal(0, trace.Cycles);
    }

    [Fact]
    public void StagePlot_Rows_HaveNamesAndFigures()
    {
        var histogram = new LatencyHistogram();
        for (int i = 1; i <= 100; i++) histogram.Record(i * 1000);
        string svg = StagePlot.Draw("stages", [new("<sense>", histogram.Summarize()), new("nothing", LatencySummary.Empty), new("a name that is far too long for any column of a picture of this width", histogram.Summarize())]);
        string[] texts = [.. XDocument.Parse(svg).Root!.Elements(Svg + "text").Select(t => t.Value)];
        Assert.Contains("<sense>", texts);
        Assert.Equal(3, texts.Count(t => t == "100 µs")); // two maxima and a tick
        Assert.Contains(texts, t => t.EndsWith('…'));
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
    }

    // A record of four stages with nothing in its sections, as docs/recording.md lays it out.
    private static void Add(PeriodTrace trace, long ms, int index, PeriodReason reason, Rung rung, RungReason why)
    {
        var bytes = new byte[144 + 24 + 4 + 8 + 4 + 32];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), 144);
        bytes[4] = (byte)rung;
        bytes[7] = 4;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), ms * 1_000_000);
        bytes[28] = (byte)index;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(30), (ushort)reason);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(92), (ushort)why);
        trace.Add(CycleRecord.Parse(bytes));
    }
}
