using System.Globalization;
using System.Text;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Puts the pictures of windows side by side: one alone as it is, several with labels as a contact sheet.</summary>
internal sealed class EventSheet
{
    private const int Gap = 8, MostAlone = 960, MostSheet = 2400;

    private readonly int _columns, _labelHeight, _font;
    private readonly bool _alone;
    private readonly EventColors _colors;
    private readonly Canvas _canvas;
    private readonly List<(int X, int Y, EventWindow Window)> _tiles = [];

    /// <summary>Makes an empty sheet.</summary>
    /// <param name="width">Columns of the sensor.</param>
    /// <param name="height">Rows of the sensor.</param>
    /// <param name="frames">How many windows will come.</param>
    /// <param name="scale">Pixels per sensor pixel; 0 = as fits a page.</param>
    /// <param name="colors">The colours.</param>
    /// <exception cref="EdgeException">The picture would be larger than any viewer shows.</exception>
    public EventSheet(int width, int height, int frames, int scale, EventColors colors)
    {
        _alone = frames == 1;
        _colors = colors;
        // About as wide as high is what a screen shows best; wide sensors get fewer columns.
        _columns = _alone ? 1 : Math.Clamp((int)Math.Round(Math.Sqrt(frames * 1.5 * height / width)), 1, frames);
        int most = _alone ? MostAlone : Math.Max(1, (MostSheet - Gap) / _columns - Gap);
        Scale = scale > 0 ? scale : Math.Clamp(most / width, 1, 16);
        // A lone picture keeps every pixel of the sensor, whatever its size.
        Shrink = scale > 0 || _alone ? 1 : Math.Max(1, (width + most - 1) / most);
        Picture = new EventPicture(width, height, Math.Max(Shrink, Fit(width, height)));
        Shrink = Picture.Shrink;
        int tileWidth = Picture.Width * Scale, tileHeight = Picture.Height * Scale, rows = (frames + _columns - 1) / _columns;
        _font = Math.Clamp(tileWidth / 160, 1, 3);
        _labelHeight = _alone ? 0 : (PixelFont.Height + 4) * _font;
        long sheetWidth = _alone ? tileWidth : _columns * (tileWidth + Gap) + Gap, sheetHeight = _alone ? tileHeight : rows * (long)(tileHeight + _labelHeight + Gap) + Gap;
        if (sheetWidth * sheetHeight > Canvas.MaxPixels)
            throw new EdgeException(ExitCode.Usage, $"The picture would have {sheetWidth} × {sheetHeight} pixels, at most {Canvas.MaxPixels} are drawn; use a smaller --scale or fewer --frames.");
        _canvas = new Canvas((int)sheetWidth, (int)sheetHeight, colors.Margin);
    }

    /// <summary>Gets what collects the events of one window after the other.</summary>
    public EventPicture Picture { get; }

    /// <summary>Gets the pixels per cell.</summary>
    public int Scale { get; }

    /// <summary>Gets the sensor pixels per cell.</summary>
    public int Shrink { get; }

    /// <summary>Gets the sheet's columns of pixels.</summary>
    public int Width => _canvas.Width;

    /// <summary>Gets the sheet's rows of pixels.</summary>
    public int Height => _canvas.Height;

    /// <summary>Gets the windows drawn so far.</summary>
    public IEnumerable<EventWindow> Windows => _tiles.Select(t => t.Window);

    /// <summary>Draws what the picture holds as the next window.</summary>
    public void Add(EventWindow window, long endUs, EventPictureStyle style)
    {
        int column = _tiles.Count % _columns, row = _tiles.Count / _columns;
        int x = _alone ? 0 : Gap + column * (Picture.Width * Scale + Gap), y = _alone ? 0 : Gap + row * (Picture.Height * Scale + _labelHeight + Gap);
        // A third of the window: its oldest events have faded to 5 %.
        Picture.Draw(_canvas, x, y, Scale, style, _colors, endUs, window.Seconds * 1e6 / 3);
        _tiles.Add((x, y, window));
    }

    /// <summary>Returns the sheet as PNG, with boxes and labels drawn in.</summary>
    public ReadOnlyMemory<byte> ToPng()
    {
        foreach (var (x, y, window) in _tiles)
        {
            foreach (var box in window.Boxes)
            {
                var (left, top, width, height) = Place(box);
                int thick = Math.Max(1, Math.Min(Scale, Picture.Width * Scale / 240));
                _canvas.Frame(x + left - thick, y + top - thick, width + 2 * thick, height + 2 * thick, thick, _colors.Box);
            }
            if (!_alone) _canvas.Text(x + 2, y + Picture.Height * Scale + 3 * _font, Label(window), _font, _colors.Label);
        }
        return _canvas.ToPng();
    }

    /// <summary>Returns the sheet as SVG: the events as an embedded PNG, boxes and labels as shapes.</summary>
    public string ToSvg(string title)
    {
        var c = CultureInfo.InvariantCulture;
        var svg = new StringBuilder();
        svg.Append(c, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" font-family=\"system-ui, 'DejaVu Sans', sans-serif\">\n");
        svg.Append(c, $"<title>{System.Security.SecurityElement.Escape(Printable(title))}</title>\n");
        svg.Append(c, $"<image width=\"{Width}\" height=\"{Height}\" image-rendering=\"pixelated\" href=\"data:image/png;base64,{Convert.ToBase64String(_canvas.ToPng().Span)}\"/>\n");
        foreach (var (x, y, window) in _tiles)
        {
            foreach (var box in window.Boxes)
            {
                var (left, top, width, height) = Place(box);
                svg.Append(c, $"<rect x=\"{x + left}\" y=\"{y + top}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"#{_colors.Box:x6}\" stroke-width=\"2\"/>\n");
            }
            if (!_alone) svg.Append(c, $"<text x=\"{x + 2}\" y=\"{y + Picture.Height * Scale + 9 * _font}\" font-size=\"{8 * _font + 2}\" fill=\"#{_colors.Label:x6}\">{Label(window)}</text>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    private (int Left, int Top, int Width, int Height) Place(in PixelBox box)
    {
        int left = box.Left / Shrink, top = box.Top / Shrink;
        return (left * Scale, top * Scale, (box.Right / Shrink - left + 1) * Scale, (box.Bottom / Shrink - top + 1) * Scale);
    }

    private static string Label(EventWindow window)
    {
        string count = window.Events switch
        {
            >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{window.Events * 1e-6:0.0}M"),
            >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{window.Events * 1e-3:0}k"),
            _ => window.Events.ToString(CultureInfo.InvariantCulture),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{window.FromSeconds * 1e3:0.###} ms  {count} events");
    }

    // File names may hold characters that XML has no place for.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) || c >= '\uFFFE' ? '\uFFFD' : c));

    private static int Fit(int width, int height)
    {
        int shrink = 1;
        while ((long)((width + shrink - 1) / shrink) * ((height + shrink - 1) / shrink) > Canvas.MaxPixels / 4) shrink++;
        return shrink;
    }
}
