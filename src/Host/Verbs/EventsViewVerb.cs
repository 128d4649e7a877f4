using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeAutonomy.Sensors;

namespace EdgeAutonomy.Host;

/// <summary>Draws what an event camera saw.</summary>
internal sealed class EventsViewVerb : Verb
{
    private const double MaxSeconds = 3600;

    private readonly Argument<string> _file = new("file") { Description = "Event file; the format is found from its content." };
    private readonly Option<string?> _out = VerbOption.Text("--out", "file.png|file.svg", "Where the picture goes; without it NAME.png in the working folder.");
    private readonly Option<double> _from = VerbOption.Number("--from", "Start of the window, in seconds since the first event.", 0.0, 0, 1e9);
    private readonly Option<double> _window = VerbOption.Number("--window-ms", "Length of a window in milliseconds.", 50.0, 0.001, MaxSeconds * 1e3);
    private readonly Option<double> _seconds = VerbOption.Number("--seconds", "The same in seconds; use one of the two.", 0.05, 1e-6, MaxSeconds);
    private readonly Option<string?> _style = VerbOption.Text("--style", "polarity|surface|count", "What colours mean: the polarity (the default), the time since the last event, the number of events.");
    private readonly Option<int> _frames = VerbOption.Number("--frames", "So many windows, one behind the other, as a contact sheet.", 1, 1, 400);
    private readonly Option<int> _scale = VerbOption.Number("--scale", "Pixels of the picture per pixel of the sensor; 0 = as fits a page.", 0, 0, 16);
    private readonly Option<bool> _boxes = new("--boxes") { Description = "Draw in the boxes that perception finds." };
    private readonly Option<bool> _light = new("--light") { Description = "On a light ground instead of a dark one." };
    private readonly EventFileChoice _choice = new();

    /// <summary>Makes the verb.</summary>
    public EventsViewVerb()
        : base(
            "view",
            "Draws the events of a window as a picture, or of several as a contact sheet.",
            "edge events view recording.raw",
            "edge events view recording.raw --from 1.5 --window-ms 20 --style surface --boxes --out view.svg",
            "edge events view recording.raw --frames 12 --window-ms 5")
    {
        Add(_file);
        Add(_out);
        Add(_from);
        Add(_window);
        Add(_seconds);
        Add(_style);
        Add(_frames);
        Add(_scale);
        Add(_boxes);
        Add(_light);
        _choice.AddTo(this);
    }

    /// <inheritdoc/>
    public override ExitCode Run(ParseResult parse, Terminal terminal)
    {
        string file = parse.GetValue(_file)!;
        string picture = parse.GetValue(_out) ?? Path.GetFileNameWithoutExtension(file) + ".png";
        bool svg = picture.EndsWith(".svg", StringComparison.OrdinalIgnoreCase);
        if (!svg && !picture.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            throw new EdgeException(ExitCode.Usage, $"--out is '{picture}'; must end in .png or .svg.");
        bool inSeconds = parse.GetResult(_seconds) is { Implicit: false };
        if (inSeconds && parse.GetResult(_window) is { Implicit: false }) throw new EdgeException(ExitCode.Usage, "--seconds and --window-ms cannot be used together.");
        double length = inSeconds ? parse.GetValue(_seconds) * 1e6 : parse.GetValue(_window) * 1e3;
        var style = Style(parse.GetValue(_style));

        using var reader = EventFile.Open(file, _choice.Read(parse));
        var info = reader.Info;
        var sheet = new EventSheet(info.Width, info.Height, parse.GetValue(_frames), parse.GetValue(_scale), parse.GetValue(_light) ? EventColors.Light : EventColors.Dark);
        var windows = new EventWindows((long)Math.Round(parse.GetValue(_from) * 1e6), Math.Max(1, (long)Math.Round(length)), parse.GetValue(_frames), parse.GetValue(_boxes));
        windows.Read(reader, sheet.Picture, (window, endUs) => sheet.Add(window, endUs, style));
        Write(picture, svg ? Encoding.UTF8.GetBytes(sheet.ToSvg(Path.GetFileName(file))) : sheet.ToPng());

        EventWindow[] drawn = [.. sheet.Windows];
        var result = new EventPictureResult(
            file, picture, info.FormatName, info.Width, info.Height, sheet.Width, sheet.Height, (double)sheet.Scale / sheet.Shrink, style, drawn.Sum(w => w.Events), drawn);
        if (terminal.Json) terminal.Output.WriteLine(JsonOutput.Serialize(result));
        else Show(terminal, result);
        return ExitCode.Ok;
    }

    private static void Show(Terminal terminal, EventPictureResult result)
    {
        var c = CultureInfo.InvariantCulture;
        string title = string.Create(c, $"{result.Picture}: {result.PictureWidth} × {result.PictureHeight} pixels, {result.Style.ToString().ToLowerInvariant()}, {result.Events:N0} events of {result.Width} × {result.Height} {result.Format}");
        TableWriter.Write(terminal, new TableView(
            title,
            [">from s", ">length ms", ">events", ">ON", ">boxes"],
            [.. result.Windows.Select(w => (IReadOnlyList<string>)[w.FromSeconds.ToString("0.######", c), (w.Seconds * 1e3).ToString("0.###", c), w.Events.ToString("N0", c), w.On.ToString("N0", c), w.Boxes.Count.ToString(c)])]));
    }

    private static void Write(string path, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var file = File.Create(path);
            file.Write(bytes.Span);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EdgeException(ExitCode.Io, $"{path} cannot be written: {error.Message}", error);
        }
    }

    private static EventPictureStyle Style(string? name)
    {
        if (name is null) return EventPictureStyle.Polarity;
        string[] names = [.. Enum.GetNames<EventPictureStyle>().Select(n => n.ToLowerInvariant())];
        if (Array.IndexOf(names, name.ToLowerInvariant()) is >= 0 and int index) return (EventPictureStyle)index;
        string? near = NearestName.Of(name, names);
        throw new EdgeException(ExitCode.Usage, $"--style is '{name}'; must be one of {string.Join(", ", names)}.{(near is null ? "" : $" Did you mean '{near}'?")}");
    }
}
