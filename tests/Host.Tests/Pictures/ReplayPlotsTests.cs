using System.Xml.Linq;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host.Tests;

public sealed class ReplayPlotsTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-plots-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Write_DemoOfTwoRobots_DrawsEveryLoopAndOneMap()
    {
        string file = Record(2, 3), pictures = Path.Combine(_folder, "made", "here");
        using var recording = RecordingFile.Open(file);
        var written = ReplayPlots.Write(recording, pictures, null);
        string[] expected = [.. new[] { "rover1", "rover2" }.SelectMany(n => new[] { $"{n}-latency.svg", $"{n}-stages.svg", $"{n}-period.svg", $"{n}-events.png" }), "map.svg"];
        Assert.Equal(expected, written.Select(Path.GetFileName));
        foreach (string path in written.Where(p => p.EndsWith(".svg", StringComparison.Ordinal))) Assert.DoesNotContain("NaN", File.ReadAllText(path), StringComparison.Ordinal);

        var map = Load(written[^1]);
        Assert.Equal(2, map.Elements(Svg + "path").Count());
        Assert.True(map.Elements(Svg + "line").Count(l => (string?)l.Attribute("class") == "wall") >= 4);
        Assert.Contains(map.Elements(Svg + "text"), t => t.Value == "rover2");
        // Four stages and the whole cycle: a bar and a median each.
        var stages = Load(written[1]);
        Assert.Equal(5, stages.Elements(Svg + "line").Count(l => (string?)l.Attribute("class") == "median"));
        long cycles = recording.CycleCount("rover1")!.Value;
        Assert.Contains(Load(written[0]).Elements(Svg + "text"), t => t.Value.StartsWith($"{cycles} samples", StringComparison.Ordinal));
        // The demo's camera has 128 × 128 pixels, six of the picture to one of the sensor below 960; 50 ms of driving are never without an event.
        var events = PngPicture.Load(written[3]);
        Assert.Equal(0, events.Width % recordedColumns);
        Assert.Contains(Enumerable.Range(0, events.Width * events.Height), i => events[i % events.Width, i / events.Width] != EventColors.Dark.Background);
    }

    private const int recordedColumns = 128;

    [Fact]
    public void Write_AtATime_ShowsOtherEvents()
    {
        string file = Record(1, 3);
        using var recording = RecordingFile.Open(file);
        byte[] early = File.ReadAllBytes(ReplayPlots.Write(recording, _folder, 0.5)[3]), late = File.ReadAllBytes(ReplayPlots.Write(recording, _folder, 2.5)[3]);
        Assert.NotEqual(early, late);
        Assert.Equal(late, File.ReadAllBytes(ReplayPlots.Write(recording, _folder, 2.5)[3]));
        // Behind the end there is nothing to see, and no picture that says so falsely.
        Assert.DoesNotContain(ReplayPlots.Write(recording, Path.Combine(_folder, "none"), 1000), p => p.EndsWith(".png", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rover1", "rover1")]
    [InlineData("../../etc/x", "_.._etc_x")]
    [InlineData("a b/ü", "a_b__")]
    [InlineData("...", "loop")]
    [InlineData("map", "map-2")]
    public void PictureNames_AnyLoop_StaysInTheFolder(string loop, string expected) => Assert.Equal(expected, new PictureNames().Of(loop));

    [Fact]
    public void PictureNames_SameName_GetsANumber()
    {
        var names = new PictureNames();
        Assert.Equal(["a_b", "a_b-2", "A_B-3"], [names.Of("a b"), names.Of("a/b"), names.Of("A_B")]);
    }

    [Fact]
    public void PathTrace_LongWay_StaysShortAndKeepsItsEnds()
    {
        var trace = new PathTrace();
        for (int i = 0; i < 1_000_000; i++) trace.Add(new EdgeAutonomy.Runtime.Messages.Pose2(i * 0.02, i % 1000 * 0.01, 0));
        var path = trace.ToPath("long");
        Assert.InRange(path.Poses.Count, 1000, 4000);
        Assert.Equal(0, path.Poses[0].X);
        Assert.True(path.Poses[^1].X > 0.99 * 20_000);
    }

    private string Record(int robots, int seconds)
    {
        string file = Path.Combine(_folder, "run.mcap");
        var (code, _, error) = EdgeProgramTests.Run("demo", "--headless", "--robots", $"{robots}", "--seconds", $"{seconds}", "--record", file, "--json");
        Assert.True(code == 0, error);
        return file;
    }

    private static XElement Load(string path) => XDocument.Load(path).Root!;
}
