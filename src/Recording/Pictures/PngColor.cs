namespace EdgeAutonomy.Recording;

/// <summary>What the bytes of a picture mean, with PNG's colour type numbers (PNG, third edition, §11.2.1).</summary>
public enum PngColor : byte
{
    /// <summary>One byte per pixel, 0 = black.</summary>
    Grey = 0,

    /// <summary>Three bytes per pixel: red, green, blue.</summary>
    Rgb = 2,

    /// <summary>One byte per pixel: the number of a colour in a palette.</summary>
    Palette = 3,
}
