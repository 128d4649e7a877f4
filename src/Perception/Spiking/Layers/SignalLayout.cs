namespace EdgeAutonomy.Perception;

/// <summary>Where the elements of a signal lie in memory. NIR counts C,H,W with the last index fastest; we keep H,W,C, channels fastest.</summary>
/// <remarks>A flattened image keeps its layout: element l of it is channel l / Sites at site l mod Sites, and the weights behind are permuted instead.</remarks>
/// <param name="Channels">The channels; all elements where there are no sites.</param>
/// <param name="Sites">The pixels; 1 where there are none.</param>
/// <param name="Stride">Elements from one site to the next: the channels, padded to 16 in what the engine computes itself.</param>
internal readonly record struct SignalLayout(int Channels, int Sites, int Stride)
{
    /// <summary>Gets the elements without padding.</summary>
    internal int Elements => Channels * Sites;

    /// <summary>Gets the places in memory, padding included.</summary>
    internal int Count => Stride * Sites;

    /// <summary>Makes the layout of an input, unpadded.</summary>
    internal static SignalLayout Packed(ReadOnlySpan<int> shape)
    {
        int channels = shape.Length <= 1 ? Product(shape) : shape[0];
        return new SignalLayout(channels, Product(shape) / Math.Max(channels, 1), channels);
    }

    /// <summary>Gets the same with channels padded to 16.</summary>
    internal SignalLayout Padded => this with { Stride = (Channels + 15) & ~15 };

    /// <summary>Returns the place of an element counted as NIR does.</summary>
    internal int Place(int element) => element % Sites * Stride + element / Sites;

    /// <summary>Returns the place of an element counted H,W,C without padding.</summary>
    internal int PlaceOfPacked(int index) => Stride == Channels ? index : index / Channels * Stride + index % Channels;

    /// <summary>Returns the H,W,C index without padding of a place.</summary>
    internal int PackedOfPlace(int place) => Stride == Channels ? place : place / Stride * Channels + place % Stride;

    /// <summary>Returns the element, counted as NIR does, of a place; −1 for padding.</summary>
    internal int Element(int place)
    {
        int site = place / Stride, channel = place - site * Stride;
        return channel < Channels ? channel * Sites + site : -1;
    }

    internal static int Product(ReadOnlySpan<int> shape)
    {
        int n = 1;
        foreach (int extent in shape) n *= extent;
        return n;
    }
}
