using EdgeAutonomy.Runtime;
using EdgeAutonomy.Runtime.Messages;

namespace EdgeAutonomy.Host;

/// <summary>Collects the events of a window and draws them.</summary>
/// <remarks>A large sensor may be shrunk by a whole factor: a cell then stands for several pixels. Memory: 24 bytes per cell.</remarks>
internal sealed class EventPicture
{
    // Cells beyond these shares of all cells with events are drawn like those at it, or one hot pixel would leave everything else pale.
    private const double PolarityFull = 0.9, CountFull = 0.995;

    private const double WeakestEvent = 0.45; // a single event must still be seen

    private readonly int[] _on, _off;
    private readonly long[] _last; // time and polarity of the last event: 2·t + p; long.MinValue = none

    /// <summary>Makes an empty picture.</summary>
    /// <param name="width">Columns of the sensor, positive.</param>
    /// <param name="height">Rows of the sensor, positive.</param>
    /// <param name="shrink">Sensor pixels per cell and direction; at least 1.</param>
    public EventPicture(int width, int height, int shrink = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shrink);
        SensorWidth = width;
        SensorHeight = height;
        Shrink = shrink;
        Width = (width + shrink - 1) / shrink;
        Height = (height + shrink - 1) / shrink;
        int cells = checked(Width * Height);
        _on = new int[cells];
        _off = new int[cells];
        _last = new long[cells];
        Array.Fill(_last, long.MinValue);
    }

    /// <summary>Gets the columns of the sensor.</summary>
    public int SensorWidth { get; }

    /// <summary>Gets the rows of the sensor.</summary>
    public int SensorHeight { get; }

    /// <summary>Gets how many sensor pixels make a cell, in each direction.</summary>
    public int Shrink { get; }

    /// <summary>Gets the columns of cells.</summary>
    public int Width { get; }

    /// <summary>Gets the rows of cells.</summary>
    public int Height { get; }

    /// <summary>Gets the events inside the sensor since the last <see cref="Clear"/>.</summary>
    public long Events { get; private set; }

    /// <summary>Gets those of them that were ON.</summary>
    public long On { get; private set; }

    /// <summary>Forgets all events.</summary>
    public void Clear()
    {
        Array.Clear(_on);
        Array.Clear(_off);
        Array.Fill(_last, long.MinValue);
        (Events, On) = (0, 0);
    }

    /// <summary>Adds an event; one outside the sensor is left out.</summary>
    public void Add(in Event e)
    {
        if (e.X >= SensorWidth || e.Y >= SensorHeight) return;
        int cell = e.Y / Shrink * Width + e.X / Shrink;
        bool on = e.Polarity != 0;
        (on ? _on : _off)[cell]++;
        // Some recordings jump back in time; the surface shows the newest event whatever the order.
        _last[cell] = Math.Max(_last[cell], 2 * e.TimeUs + (on ? 1 : 0));
        Events++;
        if (on) On++;
    }

    /// <summary>Draws the cells.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="x">Left edge.</param>
    /// <param name="y">Upper edge.</param>
    /// <param name="scale">Pixels per cell and direction.</param>
    /// <param name="style">What the colours mean.</param>
    /// <param name="colors">The colours.</param>
    /// <param name="endUs">End of the window, from which the ages of a time surface count.</param>
    /// <param name="tauUs">Decay of a time surface: after it an event has 37 % of its colour.</param>
    public void Draw(Canvas canvas, int x, int y, int scale, EventPictureStyle style, EventColors colors, long endUs, double tauUs)
    {
        canvas.Fill(x, y, Width * scale, Height * scale, colors.Background);
        int full = Full(style == EventPictureStyle.Count ? CountFull : PolarityFull);
        // At least four, so that a window with single events only does not look like a crowded one.
        double logFull = DeterministicMath.Log(1 + Math.Max(4, full));
        for (int cell = 0; cell < _last.Length; cell++)
        {
            int count = _on[cell] + _off[cell];
            if (count == 0) continue;
            int color = style switch
            {
                EventPictureStyle.Surface => Canvas.Mix(colors.Background, Last(cell, colors), DeterministicMath.Exp(-Math.Max(0, endUs - (_last[cell] >> 1)) / tauUs)),
                EventPictureStyle.Count => colors.OfCount(DeterministicMath.Log(1 + count) / logFull),
                _ => Canvas.Mix(colors.Background, Majority(cell, colors), full <= 1 ? 1 : WeakestEvent + (1 - WeakestEvent) * Math.Min(1, (count - 1.0) / (full - 1))),
            };
            canvas.Fill(x + cell % Width * scale, y + cell / Width * scale, scale, scale, color);
        }
    }

    private int Last(int cell, EventColors colors) => (_last[cell] & 1) != 0 ? colors.On : colors.Off;

    private int Majority(int cell, EventColors colors) =>
        _on[cell] > _off[cell] ? colors.On : _on[cell] < _off[cell] ? colors.Off : Last(cell, colors);

    /// <summary>Returns the count that the given share of all cells with events does not exceed.</summary>
    private int Full(double share)
    {
        const int Most = 4096;
        var cells = new long[Most + 1];
        long all = 0;
        for (int cell = 0; cell < _last.Length; cell++)
        {
            int count = _on[cell] + _off[cell];
            if (count == 0) continue;
            cells[Math.Min(count, Most)]++;
            all++;
        }
        long rank = (long)Math.Ceiling(share * all), seen = 0;
        for (int count = 1; count <= Most; count++)
        {
            if ((seen += cells[count]) >= rank) return count;
        }
        return 1;
    }
}
