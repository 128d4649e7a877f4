namespace EdgeAutonomy.Host;

/// <summary>The colours of event pictures, as 0xRRGGBB. ON and OFF differ in brightness and hue, so that colour-blind people tell them apart too.</summary>
/// <param name="Background">Pixels without events.</param>
/// <param name="On">Brighter.</param>
/// <param name="Off">Darker.</param>
/// <param name="Box">Boxes of perception.</param>
/// <param name="Label">Text.</param>
/// <param name="Margin">Around the pictures of a contact sheet.</param>
/// <param name="Ramp">Colours of rising counts, evenly spaced; the first is that of no event.</param>
internal sealed record EventColors(int Background, int On, int Off, int Box, int Label, int Margin, IReadOnlyList<int> Ramp)
{
    /// <summary>Gets the colours on a dark ground.</summary>
    public static EventColors Dark { get; } = new(0x10161F, 0xF6F3EA, 0x3D8BFD, 0xFFB000, 0xC9D1D9, 0x1B2430, [0x10161F, 0x3B1B5A, 0x8C2369, 0xDD4A45, 0xFB9A29, 0xFCF3B0]);

    /// <summary>Gets the colours on a light ground.</summary>
    public static EventColors Light { get; } = new(0xFFFFFF, 0xD5472B, 0x1F5FBF, 0x0B7A4B, 0x1F2328, 0xE9ECEF, [0xFFFFFF, 0xFDE0A6, 0xFB9A4C, 0xD8434B, 0x7F1D64, 0x1E0F3C]);

    /// <summary>Returns the colour of a count.</summary>
    /// <param name="share">From 0, no event, to 1, as many as the scale knows.</param>
    public int OfCount(double share)
    {
        double at = Math.Clamp(share, 0, 1) * (Ramp.Count - 1);
        int below = Math.Min((int)at, Ramp.Count - 2);
        return Canvas.Mix(Ramp[below], Ramp[below + 1], at - below);
    }
}
