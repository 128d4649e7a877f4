namespace EdgeAutonomy.Recording;

/// <summary>The colours of views and pictures: the same thing has the same colour on the live page, in Foxglove and in files.</summary>
internal static class ViewPalette
{
    /// <summary>Colours of robots and series, as 0xRRGGBB, told apart by people with common colour blindness too (after Okabe and Ito).</summary>
    public static readonly int[] Series = [0x2F7FD1, 0xE08214, 0x1B9E77, 0xC2559D, 0x7A6FD0, 0xB8860B, 0x4FB3D9, 0xD1495B];

    public static readonly SceneColor
        Wall = SceneColor.FromRgb(0x9AA0A6), Still = SceneColor.FromRgb(0x998877), Moving = SceneColor.FromRgb(0xDD6644),
        Goal = SceneColor.FromRgb(0x22AA77), Label = SceneColor.FromRgb(0xE8EAED), Nose = SceneColor.FromRgb(0xFFFFFF), Box = SceneColor.FromRgb(0xFFB000),
        Danger = SceneColor.FromRgb(0xE5484D), Caution = SceneColor.FromRgb(0xF5A524), Free = SceneColor.FromRgb(0x30A46C), Unknown = SceneColor.FromRgb(0x8B8D98);

    /// <summary>Returns the colour of the n-th robot or series.</summary>
    public static SceneColor OfSeries(int index) => SceneColor.FromRgb(Series[index % Series.Length]);

    /// <summary>Returns the colour of a time to contact in seconds: red below 1, amber below 3, green above, grey when not known.</summary>
    public static SceneColor OfContact(float seconds) => float.IsNaN(seconds) ? Unknown : seconds < 1 ? Danger : seconds < 3 ? Caution : Free;
}
