namespace EdgeAutonomy.Perception;

/// <summary>Draws packets of events into images for dense networks.</summary>
/// <remarks>
/// Layout [channel, row, column]. A sensor larger than the image is divided into cells of equal size (column · columns / width, rounded down); the
/// image must not be larger than the sensor. The same bits on every machine. One thread; allocates nothing after construction.
/// </remarks>
public sealed class EventFrame
{
    private readonly int[] _columnOf, _rowOf;
    private readonly int _channels, _pixels;

    /// <summary>Plans the image.</summary>
    /// <param name="width">Columns of the sensor, 1 … 4096.</param>
    /// <param name="height">Rows of the sensor, 1 … 4096.</param>
    /// <param name="channels">Channels of the image: 1 for Count, 2 for Polarity, 1 … 64 for Voxel.</param>
    /// <param name="rows">Rows of the image.</param>
    /// <param name="columns">Columns of the image.</param>
    /// <param name="kind">What the channels hold.</param>
    /// <param name="scale">What is done to the numbers.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range; the message names it.</exception>
    public EventFrame(int width, int height, int channels, int rows, int columns, EventFrameKind kind, EventFrameScale scale)
    {
        OptionRange.Check(width is >= 1 and <= 4096, nameof(EventFrame), nameof(width), width, "must be in [1, 4096]");
        OptionRange.Check(height is >= 1 and <= 4096, nameof(EventFrame), nameof(height), height, "must be in [1, 4096]");
        OptionRange.Check(columns >= 1 && columns <= width, nameof(EventFrame), nameof(columns), columns, $"must be in [1, {width}], the sensor's columns");
        OptionRange.Check(rows >= 1 && rows <= height, nameof(EventFrame), nameof(rows), rows, $"must be in [1, {height}], the sensor's rows");
        int wanted = kind switch { EventFrameKind.Count => 1, EventFrameKind.Polarity => 2, _ => Math.Clamp(channels, 1, 64) };
        OptionRange.Check(channels == wanted, nameof(EventFrame), nameof(channels), channels, $"must be {wanted} for {kind}");
        (Kind, Scale, _channels, _pixels) = (kind, scale, channels, rows * columns);
        _columnOf = Cells(width, columns, 1);
        _rowOf = Cells(height, rows, columns);
    }

    /// <summary>Gets what the channels hold.</summary>
    public EventFrameKind Kind { get; }

    /// <summary>Gets what is done to the numbers.</summary>
    public EventFrameScale Scale { get; }

    /// <summary>Gets how many numbers an image has.</summary>
    public int Count => _channels * _pixels;

    /// <summary>Gets how many events lay outside the sensor so far; they are left out.</summary>
    public long Outside { get; private set; }

    /// <summary>Draws a packet.</summary>
    /// <param name="packet">The events; none give an image of zeros.</param>
    /// <param name="target">The image, overwritten; <see cref="Count"/> numbers.</param>
    /// <exception cref="ArgumentException">The target has another size.</exception>
    public void Draw(EventPacket packet, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (target.Length != Count) throw new ArgumentException($"The image takes {Count} numbers, the target has {target.Length}.", nameof(target));
        target.Clear();
        if (Kind == EventFrameKind.Voxel) DrawVoxels(packet, target);
        else DrawCounts(packet.Events, target);
        if (Scale == EventFrameScale.Peak) ToPeak(target);
        else if (Scale == EventFrameScale.Deviation) ToDeviation(target);
    }

    private static int[] Cells(int extent, int cells, int stride)
    {
        int[] cell = new int[extent];
        for (int i = 0; i < extent; i++) cell[i] = (int)((long)i * cells / extent) * stride;
        return cell;
    }

    private void DrawCounts(ReadOnlySpan<Event> events, Span<float> target)
    {
        foreach (ref readonly var e in events)
        {
            if (!TryCell(in e, out int cell)) continue;
            if (Kind == EventFrameKind.Polarity && e.Polarity != 0) cell += _pixels;
            target[cell]++;
        }
    }

    private void DrawVoxels(EventPacket packet, Span<float> target)
    {
        long start = packet.StartUs;
        // A window without length has one bin's worth of time: everything goes into the first.
        double step = packet.EndUs > start ? (_channels - 1) / (double)(packet.EndUs - start) : 0;
        foreach (ref readonly var e in packet.Events)
        {
            if (!TryCell(in e, out int cell)) continue;
            double at = Math.Clamp((e.TimeUs - start) * step, 0, _channels - 1);
            int bin = (int)at;
            float later = (float)(at - bin), sign = e.Polarity != 0 ? 1 : -1;
            target[bin * _pixels + cell] += sign * (1 - later);
            if (later > 0) target[(bin + 1) * _pixels + cell] += sign * later;
        }
    }

    private bool TryCell(in Event e, out int cell)
    {
        if (e.X >= _columnOf.Length || e.Y >= _rowOf.Length)
        {
            Outside++;
            cell = 0;
            return false;
        }
        cell = _rowOf[e.Y] + _columnOf[e.X];
        return true;
    }

    private static void ToPeak(Span<float> frame)
    {
        float peak = 0;
        foreach (float x in frame) peak = Math.Max(peak, Math.Abs(x));
        if (peak == 0) return;
        float factor = 1 / peak;
        foreach (ref float x in frame) x *= factor;
    }

    private static void ToDeviation(Span<float> frame)
    {
        double sum = 0;
        int count = 0;
        foreach (float x in frame)
        {
            if (x == 0) continue;
            sum += x;
            count++;
        }
        if (count == 0) return;
        double mean = sum / count, squares = 0;
        foreach (float x in frame)
        {
            if (x != 0) squares += (x - mean) * (x - mean);
        }
        double deviation = Math.Sqrt(squares / count);
        // Cells that are all alike have no deviation; they become zero, their mean.
        double factor = deviation > 0 ? 1 / deviation : 0;
        foreach (ref float x in frame)
        {
            if (x != 0) x = (float)((x - mean) * factor);
        }
    }
}
