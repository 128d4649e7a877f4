using System.Buffers;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>A picture of red, green and blue bytes that rectangles, frames and short texts can be drawn on. Whatever lies outside is left out.</summary>
internal sealed class Canvas
{
    /// <summary>The most pixels a picture may have: 64 million, 192 MB while it is drawn.</summary>
    public const long MaxPixels = 1 << 26;

    private readonly byte[] _pixels;

    /// <summary>Makes a picture of one colour.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1; at most <see cref="MaxPixels"/> pixels in all.</param>
    /// <param name="color">Its colour, 0xRRGGBB.</param>
    public Canvas(int width, int height, int color)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, MaxPixels, nameof(width));
        Width = width;
        Height = height;
        _pixels = new byte[3 * width * height];
        Fill(0, 0, width, height, color);
    }

    /// <summary>Gets the columns.</summary>
    public int Width { get; }

    /// <summary>Gets the rows.</summary>
    public int Height { get; }

    /// <summary>Gets the colour of a pixel, 0xRRGGBB.</summary>
    public int this[int x, int y]
    {
        get
        {
            int at = 3 * (y * Width + x);
            return _pixels[at] << 16 | _pixels[at + 1] << 8 | _pixels[at + 2];
        }
    }

    /// <summary>Returns a colour between two.</summary>
    /// <param name="from">At share 0.</param>
    /// <param name="to">At share 1.</param>
    /// <param name="share">From 0 to 1.</param>
    public static int Mix(int from, int to, double share)
    {
        int mixed = 0;
        for (int shift = 0; shift <= 16; shift += 8)
        {
            int a = from >> shift & 0xFF, b = to >> shift & 0xFF;
            mixed |= (int)(a + (b - a) * share + 0.5) << shift;
        }
        return mixed;
    }

    /// <summary>Fills a rectangle.</summary>
    public void Fill(int x, int y, int width, int height, int color)
    {
        int left = Math.Max(0, x), right = Math.Min(Width, x + width), top = Math.Max(0, y), bottom = Math.Min(Height, y + height);
        if (left >= right) return;
        for (int row = top; row < bottom; row++)
        {
            var line = _pixels.AsSpan(3 * (row * Width + left), 3 * (right - left));
            for (int i = 0; i < line.Length; i += 3)
            {
                line[i] = (byte)(color >> 16);
                line[i + 1] = (byte)(color >> 8);
                line[i + 2] = (byte)color;
            }
        }
    }

    /// <summary>Draws a frame whose outer edge is the rectangle.</summary>
    public void Frame(int x, int y, int width, int height, int thickness, int color)
    {
        Fill(x, y, width, thickness, color);
        Fill(x, y + height - thickness, width, thickness, color);
        Fill(x, y, thickness, height, color);
        Fill(x + width - thickness, y, thickness, height, color);
    }

    /// <summary>Writes a text with its upper left corner at a place.</summary>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="text">Letters that <see cref="PixelFont"/> has; others are blanks.</param>
    /// <param name="size">Pixels per dot of the font.</param>
    /// <param name="color">Its colour.</param>
    public void Text(int x, int y, string text, int size, int color)
    {
        foreach (char letter in text)
        {
            for (int row = 0; row < PixelFont.Height; row++)
            {
                for (int column = 0; column < PixelFont.Width; column++)
                {
                    if (PixelFont.IsSet(letter, column, row)) Fill(x + column * size, y + row * size, size, size, color);
                }
            }
            x += (PixelFont.Width + 1) * size;
        }
    }

    /// <summary>Returns the picture as a PNG file.</summary>
    public ReadOnlyMemory<byte> ToPng()
    {
        var buffer = new ArrayBufferWriter<byte>();
        new PngEncoder().Encode(Width, Height, PngColor.Rgb, _pixels, buffer);
        return buffer.WrittenMemory;
    }
}
