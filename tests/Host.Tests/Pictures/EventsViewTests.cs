using System.Text.Json;
using System.Xml.Linq;
using EdgeAutonomy.Runtime.Messages;
using EdgeAutonomy.Sensors;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Host.Tests;

public sealed class EventsViewTests : IDisposable
{
    private const int Width = 40, Height = 30;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly string _folder = Directory.CreateTempSubdirectory("edge-view-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void View_Polarity_HasOnAndOffAtTheirPixels()
    {
        string file = Recording([new(1000, 3, 4, 1), new(2000, 10, 20, 0), new(3000, 39, 29, 1), new(200_000, 5, 5, 1)]);
        using var json = View(file, "--scale", "2", "--window-ms", "10");
        var png = PngPicture.Load(Picture);
        Assert.Equal((2 * Width, 2 * Height), (png.Width, png.Height));
        Assert.Equal(EventColors.Dark.On, png[6, 8]);
        Assert.Equal(EventColors.Dark.On, png[7, 9]);
        Assert.Equal(EventColors.Dark.Background, png[8, 8]);
        Assert.Equal(EventColors.Dark.Off, png[20, 40]);
        Assert.Equal(EventColors.Dark.On, png[79, 59]);
        Assert.Equal(EventColors.Dark.Background, png[10, 10]); // that event comes later than the window
        Assert.Equal(3, json.RootElement.GetProperty("events").GetInt64());
    }

    [Fact]
    public void View_From_BeginsThere()
    {
        string file = Recording([new(1000, 3, 4, 1), new(51_000, 10, 20, 1), new(90_000, 1, 1, 1)]);
        using var json = View(file, "--from", "0.05", "--seconds", "0.01", "--scale", "1", "--light");
        var png = PngPicture.Load(Picture);
        Assert.Equal(EventColors.Light.Background, png[3, 4]);
        Assert.Equal(EventColors.Light.On, png[10, 20]);
        Assert.Equal(1, json.RootElement.GetProperty("windows")[0].GetProperty("on").GetInt64());
    }

    [Fact]
    public void View_Surface_FadesWithAge()
    {
        // Window of 30 ms, decay of 10 ms: an event at the end has its whole colour, one 10 ms before it 1/e of the way, one 20 ms before it 1/e².
        string file = Recording([new(0, 0, 0, 1), new(9_999, 1, 0, 1), new(19_999, 2, 0, 1), new(29_999, 3, 0, 1)]);
        using var json = View(file, "--style", "surface", "--window-ms", "30", "--scale", "1");
        var png = PngPicture.Load(Picture);
        int background = EventColors.Dark.Background, on = EventColors.Dark.On;
        Assert.Equal(Canvas.Mix(background, on, Math.Exp(-2.0001)), png[1, 0]);
        Assert.Equal(Canvas.Mix(background, on, Math.Exp(-1.0001)), png[2, 0]);
        Assert.Equal(Canvas.Mix(background, on, Math.Exp(-0.0001)), png[3, 0]);
    }

    [Fact]
    public void View_Count_IsBrighterWithMoreEvents()
    {
        var events = new List<Event>();
        for (int x = 0; x < 20; x++)
        {
            for (int i = 0; i <= x; i++) events.Add(new Event(100 * x + i, (ushort)x, 0, (byte)(i & 1)));
        }
        using var json = View(Recording(events), "--style", "count", "--scale", "1");
        var png = PngPicture.Load(Picture);
        int[] light = [.. Enumerable.Range(0, 20).Select(x => (png[x, 0] >> 16) + (png[x, 0] >> 8 & 255) + (png[x, 0] & 255))];
        Assert.Equal(light.Order(), light);
        Assert.True(light[19] > light[0]);
        Assert.Equal(EventColors.Dark.Ramp[^1], png[19, 0]);
        Assert.Equal(EventColors.Dark.Background, png[20, 0]);
    }

    [Fact]
    public void View_Frames_AreACountedSheet()
    {
        string file = Recording([new(0, 1, 1, 1), new(10_000, 2, 2, 1), new(10_001, 2, 2, 0), new(35_000, 3, 3, 1)]);
        using var json = View(file, "--frames", "4", "--window-ms", "10");
        long[] events = [.. json.RootElement.GetProperty("windows").EnumerateArray().Select(w => w.GetProperty("events").GetInt64())];
        Assert.Equal([1, 2, 0, 1], events);
        var png = PngPicture.Load(Picture);
        Assert.Equal((json.RootElement.GetProperty("pictureWidth").GetInt32(), json.RootElement.GetProperty("pictureHeight").GetInt32()), (png.Width, png.Height));
        Assert.Equal(EventColors.Dark.Margin, png[0, 0]);
        int on = 0;
        for (int y = 0; y < png.Height; y++)
        {
            for (int x = 0; x < png.Width; x++) on += png[x, y] == EventColors.Dark.On ? 1 : 0;
        }
        // Events at the strongest colour: one in the first window, one in the last; the double one is OFF last, and counted by its last polarity.
        int scale = (int)json.RootElement.GetProperty("scale").GetDouble();
        Assert.Equal(2 * scale * scale, on);
    }

    [Fact]
    public void View_Boxes_FrameWhatMoves()
    {
        // A block of 12 × 12 pixels, every pixel firing every half millisecond: the kind of dense fast thing that DOTIE is for.
        var events = new List<Event>();
        for (int t = 0; t < 40_000; t += 500)
        {
            for (int i = 0; i < 144; i++) events.Add(new Event(t + i, (ushort)(10 + i % 12), (ushort)(8 + i / 12), 1));
        }
        string file = Recording(events), svg = Path.Combine(_folder, "boxes.svg");
        using var json = Json("events", "view", file, "--out", svg, "--boxes", "--window-ms", "40", "--scale", "4", "--json");
        var boxes = json.RootElement.GetProperty("windows")[0].GetProperty("boxes");
        Assert.NotEqual(0, boxes.GetArrayLength());
        var root = XDocument.Load(svg).Root!;
        Assert.Single(root.Elements(Svg + "image"));
        var rect = root.Elements(Svg + "rect").First();
        Assert.Equal(4 * boxes[0].GetProperty("left").GetInt32(), (int)rect.Attribute("x")!);
        Assert.Equal(4 * (boxes[0].GetProperty("right").GetInt32() - boxes[0].GetProperty("left").GetInt32() + 1), (int)rect.Attribute("width")!);
        Assert.InRange(boxes[0].GetProperty("left").GetInt32(), 8, 21);

        using var again = View(file, "--boxes", "--window-ms", "40", "--scale", "4");
        int left = boxes[0].GetProperty("left").GetInt32(), top = boxes[0].GetProperty("top").GetInt32();
        Assert.Equal(EventColors.Dark.Box, PngPicture.Load(Picture)[4 * left - 1, 4 * top]);
    }

    [Fact]
    public void View_NoOut_WritesBesideTheWorkingFolder()
    {
        string name = $"edge-view-{Environment.ProcessId}-{Guid(8)}";
        string file = Path.Combine(_folder, name + ".raw");
        Write(file, [new(0, 1, 1, 1)]);
        try
        {
            using var json = Json("events", "view", file, "--json");
            Assert.Equal(name + ".png", json.RootElement.GetProperty("picture").GetString());
            Assert.True(File.Exists(name + ".png"));
        }
        finally
        {
            File.Delete(name + ".png");
        }
    }

    [Fact]
    public void View_RecordingWithoutEvents_IsAQuietPicture()
    {
        using var json = View(Recording([]), "--scale", "1");
        var png = PngPicture.Load(Picture);
        Assert.Equal(EventColors.Dark.Background, png[17, 11]);
        Assert.Equal(0, json.RootElement.GetProperty("events").GetInt64());
    }

    [Fact]
    public void View_Json_HasTheDocumentedKeys()
    {
        using var json = View(Recording([new(0, 1, 1, 1)]));
        Assert.Equal(
            ["file", "picture", "format", "width", "height", "pictureWidth", "pictureHeight", "scale", "style", "events", "windows"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        Assert.Equal(["fromSeconds", "seconds", "events", "on", "boxes"], json.RootElement.GetProperty("windows")[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("polarity", json.RootElement.GetProperty("style").GetString());
    }

    [Theory]
    [InlineData("--style polarty", 64, "Did you mean 'polarity'?")]
    [InlineData("--out picture.jpg", 64, "must end in .png or .svg")]
    [InlineData("--from 5", 64, "--from is 5 s, but the recording has only 0.00")]
    [InlineData("--seconds 1 --window-ms 5", 64, "cannot be used together")]
    [InlineData("--frames 400 --scale 16", 64, "use a smaller --scale or fewer --frames")]
    [InlineData("--out /nowhere/at/all.png", 74, "/nowhere/at/all.png cannot be written")]
    public void View_WrongOptions_SayWhatIsWrong(string options, int code, string part)
    {
        string file = Path.Combine(_folder, "wide.raw");
        using (var writer = EventFile.Create(file, EventFormat.Evt2, 640, 480)) writer.Write([new(0, 1, 1, 1), new(100, 1, 1, 1)]);
        var (found, _, error) = EdgeProgramTests.Run(["events", "view", file, .. options.Split(' ')]);
        Assert.Equal(code, found);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void View_BadFiles_AreRefusedAsInfoRefusesThem()
    {
        string file = Path.Combine(_folder, "bad.raw");
        File.WriteAllBytes(file, []);
        var (code, _, error) = EdgeProgramTests.Run("events", "view", file, "--out", Picture);
        Assert.Equal(74, code);
        Assert.Contains("is empty (0 bytes)", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Picture));
        Assert.Equal(66, EdgeProgramTests.Run("events", "view", "/nowhere/x.raw").Code);
    }

    [SkippableTheory]
    [InlineData("prophesee/gen3_640x480_evt2_50ms.raw", 0.01, 640, 480)]
    [InlineData("prophesee/gen41_1280x720_evt3_9ms.raw", 0.005, 1280, 720)]
    public void View_RealRecording_HasItsBoxesAndItsSize(string name, double seconds, int width, int height)
    {
        using var json = View(SharedData.Require("events/" + name), "--boxes", "--seconds", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture), "--scale", "1");
        var png = PngPicture.Load(Picture);
        Assert.Equal((width, height), (png.Width, png.Height));
        Assert.True(json.RootElement.GetProperty("windows")[0].GetProperty("boxes").GetArrayLength() > 0);
    }

    private string Picture => Path.Combine(_folder, "picture.png");

    private JsonDocument View(string file, params string[] options) => Json(["events", "view", file, "--out", Picture, "--json", .. options]);

    private string Recording(IReadOnlyList<Event> events)
    {
        string file = Path.Combine(_folder, "recording.raw");
        Write(file, events);
        return file;
    }

    private static void Write(string file, IReadOnlyList<Event> events)
    {
        using var writer = EventFile.Create(file, EventFormat.Evt2, Width, Height);
        writer.Write([.. events]);
    }

    // Tests in one process run at once, so names must differ; randomness is not needed for that.
    private static string Guid(int digits) => Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)[..digits];

    private static JsonDocument Json(params string[] arguments)
    {
        var (code, output, error) = EdgeProgramTests.Run(arguments);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }
}
