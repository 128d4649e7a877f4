using System.Numerics;

namespace EdgeAutonomy.Perception;

/// <summary>Gathers the events of one step into active inputs, in the order that a network wants them: by place, each once.</summary>
/// <remarks>Inputs are counted H,W,C: (y · width + x) · channels + channel, where the channel is the polarity, or always 0 where there is one channel only. The order in
/// which events arrive does not matter. Allocates nothing after construction; one thread at a time.</remarks>
public sealed class SpikeInput
{
    private readonly ulong[] _bits;
    private readonly int[] _counts;
    private readonly int[] _active;
    private readonly float[] _values;
    private int _count;
    private bool _isListed;

    /// <summary>Makes an empty binner.</summary>
    /// <param name="width">Columns; events beyond are dropped.</param>
    /// <param name="height">Rows; events beyond are dropped.</param>
    /// <param name="channels">2 = one per polarity, 1 = both together.</param>
    /// <param name="isBinary">Whether several events of one step on one input count once.</param>
    public SpikeInput(int width, int height, int channels = 2, bool isBinary = false)
    {
        OptionRange.Check(width is >= 1 and <= ushort.MaxValue, nameof(SpikeInput), nameof(width), width, "must be in [1, 65535]");
        OptionRange.Check(height is >= 1 and <= ushort.MaxValue, nameof(SpikeInput), nameof(height), height, "must be in [1, 65535]");
        OptionRange.Check(channels is 1 or 2, nameof(SpikeInput), nameof(channels), channels, "must be 1 or 2");
        (Width, Height, Channels, IsBinary) = (width, height, channels, isBinary);
        Elements = checked(width * height * channels);
        _bits = new ulong[(Elements + 63) / 64];
        _counts = new int[isBinary ? 0 : Elements];
        _active = new int[Elements];
        _values = new float[isBinary ? 0 : Elements];
    }

    /// <summary>Gets the columns.</summary>
    public int Width { get; }

    /// <summary>Gets the rows.</summary>
    public int Height { get; }

    /// <summary>Gets the channels.</summary>
    public int Channels { get; }

    /// <summary>Gets whether several events on one input count once.</summary>
    public bool IsBinary { get; }

    /// <summary>Gets how many inputs there are.</summary>
    public int Elements { get; }

    /// <summary>Gets how many events were added since the last <see cref="Clear"/>.</summary>
    public int Events { get; private set; }

    /// <summary>Gets how many events were out of range, ever.</summary>
    public long Dropped { get; private set; }

    /// <summary>Gets the inputs that have events, ascending; valid until the next change.</summary>
    public ReadOnlySpan<int> Active
    {
        get
        {
            List();
            return _active.AsSpan(0, _count);
        }
    }

    /// <summary>Gets how many events each of <see cref="Active"/> has; empty where events count once.</summary>
    public ReadOnlySpan<float> Values
    {
        get
        {
            List();
            return IsBinary ? default : _values.AsSpan(0, _count);
        }
    }

    /// <summary>Adds events of the present step.</summary>
    public void Add(ReadOnlySpan<Event> events)
    {
        foreach (ref readonly var e in events)
        {
            if (e.X >= Width || e.Y >= Height || e.Polarity > 1)
            {
                Dropped++;
                continue;
            }
            int i = (e.Y * Width + e.X) * Channels + (Channels == 2 ? e.Polarity : 0);
            _bits[i >> 6] |= 1UL << i;
            if (!IsBinary) _counts[i]++;
            Events++;
        }
        _isListed = false;
    }

    /// <summary>Begins a new step.</summary>
    public void Clear()
    {
        List();
        for (int k = 0; k < _count; k++)
        {
            _bits[_active[k] >> 6] = 0;
            if (!IsBinary) _counts[_active[k]] = 0;
        }
        (_count, Events, _isListed) = (0, 0, true);
    }

    private void List()
    {
        if (_isListed) return;
        int n = 0;
        for (int w = 0; w < _bits.Length; w++)
        {
            for (ulong word = _bits[w]; word != 0; word &= word - 1)
            {
                int i = (w << 6) + BitOperations.TrailingZeroCount(word);
                if (!IsBinary) _values[n] = _counts[i];
                _active[n++] = i;
            }
        }
        (_count, _isListed) = (n, true);
    }
}
