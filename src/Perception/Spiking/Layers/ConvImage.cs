using System.Numerics;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Perception;

/// <summary>The dense picture of a convolution's input, with its padding, and how many outputs the active inputs reach. No cost per spike where rows fill whole words.</summary>
internal sealed unsafe class ConvImage
{
    private readonly ConvGeometry _geometry;
    private readonly AlignedArray<float> _image;
    private readonly AlignedArray<int> _offset;
    private readonly AlignedArray<int> _taps;
    private readonly (int Taps, ulong[] Mask)[] _classes;
    private readonly bool _hasWholeRows, _usesVectors;

    internal ConvImage(ConvGeometry geometry, Kernels kernels)
    {
        _geometry = geometry;
        var g = *geometry.Arguments;
        int places = g.InWidth * g.InStride;
        _image = new AlignedArray<float>(geometry.PaddedHeight * geometry.PaddedWidth * g.InChannels);
        _offset = new AlignedArray<int>(places);
        _taps = new AlignedArray<int>(places);
        for (int place = 0; place < places; place++)
        {
            int column = place / g.InStride, channel = place - column * g.InStride;
            _offset.Span[place] = (column + g.PadLeft) * g.InChannels + channel;
            _taps.Span[place] = g.StartX[column + 1] - g.StartX[column];
        }
        _hasWholeRows = places % 64 == 0 && g.InStride == g.InChannels;
        _usesVectors = kernels.Level == SimdLevel.V512;
        // Columns that reach equally many outputs are counted together: the bits of a row, masked.
        var classes = new Dictionary<int, ulong[]>();
        if (places % 64 == 0)
        {
            for (int place = 0; place < places; place++)
            {
                int taps = _taps.Span[place];
                if (!classes.TryGetValue(taps, out ulong[]? mask)) classes[taps] = mask = new ulong[places / 64];
                mask[place >> 6] |= 1UL << place;
            }
        }
        _classes = [.. classes.OrderBy(c => c.Key).Select(c => (c.Key, c.Value))];
        geometry.Arguments->Image = _image.Pointer;
    }

    /// <summary>Counts the outputs that a step's inputs reach, once for each input.</summary>
    internal long Taps(Signal source)
    {
        var g = *_geometry.Arguments;
        int places = g.InWidth * g.InStride;
        long sum = 0;
        if (_classes.Length > 0)
        {
            ulong* bits = source.Bits;
            for (int row = 0; row < g.InHeight; row++, bits += places / 64)
            {
                long inRow = 0;
                foreach (var (taps, mask) in _classes)
                {
                    int n = 0;
                    for (int w = 0; w < mask.Length; w++) n += BitOperations.PopCount(bits[w] & mask[w]);
                    inRow += (long)n * taps;
                }
                sum += inRow * (g.StartY[row + 1] - g.StartY[row]);
            }
            return sum;
        }
        int at = 0, end = places;
        foreach (int i in source.Active)
        {
            for (; i >= end; end += places) at++;
            sum += _taps.Pointer[i - end + places] * (g.StartY[at + 1] - g.StartY[at]);
        }
        return sum;
    }

    /// <summary>Draws a step's inputs.</summary>
    internal void Fill(Signal source)
    {
        var g = *_geometry.Arguments;
        int places = g.InWidth * g.InStride, line = g.PaddedWidth * g.InChannels;
        float* origin = _image.Pointer + g.PadTop * line;
        if (_hasWholeRows && (!source.IsOnes || _usesVectors))
        {
            // The padding around the rows stays as it was made: zero.
            for (int row = 0; row < g.InHeight; row++)
            {
                float* to = origin + row * line + g.PadLeft * g.InChannels;
                if (source.IsOnes) Expand((ushort*)(source.Bits + (nint)row * places / 64), to, places);
                else new ReadOnlySpan<float>(source.Values + (nint)row * places, places).CopyTo(new Span<float>(to, places));
            }
            return;
        }
        _image.Span.Clear();
        int begin = 0;
        foreach (int i in source.Active)
        {
            for (; i >= begin + places; begin += places) origin += line;
            origin[_offset.Pointer[i - begin]] = source.IsOnes ? 1 : source.Values[i];
        }
    }

    private static void Expand(ushort* bits, float* to, int count)
    {
        var laneBit = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        for (int i = 0; i < count; i += 16)
        {
            var set = Vector512.Equals(Vector512.Create((int)*bits++) & laneBit, laneBit).AsSingle();
            (set & Vector512<float>.One).Store(to + i);
        }
    }
}
