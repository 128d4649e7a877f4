namespace EdgeAutonomy.Learning;

/// <summary>The windows of a convolution or a pool.</summary>
/// <param name="Kernel">Extent of the square window, at least 1.</param>
/// <param name="Stride">How far windows are apart, at least 1.</param>
/// <param name="Padding">Zeros around the map, 0 … kernel − 1.</param>
public readonly record struct Window2d(int Kernel, int Stride = 1, int Padding = 0)
{
    /// <summary>Returns the map that the windows make of a map.</summary>
    /// <param name="input">The map.</param>
    /// <param name="channels">Channels of the result.</param>
    /// <exception cref="ArgumentException">The window is not one, or the map is smaller than it.</exception>
    public MapSize Over(MapSize input, int channels)
    {
        if (Kernel < 1 || Stride < 1 || Padding < 0 || Padding >= Kernel)
        {
            throw new ArgumentException($"Kernel {Kernel}, stride {Stride}, padding {Padding}: kernel and stride must be 1 or more, padding 0 … kernel − 1.");
        }
        int h = input.Height + 2 * Padding - Kernel, w = input.Width + 2 * Padding - Kernel;
        if (h < 0 || w < 0) throw new ArgumentException($"A kernel of {Kernel} does not fit on a map of {input} with padding {Padding}.");
        return new MapSize(channels, h / Stride + 1, w / Stride + 1);
    }
}
