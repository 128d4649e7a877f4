namespace EdgeAutonomy.Recording;

/// <summary>A colour of a Foxglove message.</summary>
/// <param name="R">Red, in [0, 1].</param>
/// <param name="G">Green, in [0, 1].</param>
/// <param name="B">Blue, in [0, 1].</param>
/// <param name="A">Opacity, in [0, 1].</param>
public readonly record struct SceneColor(double R, double G, double B, double A = 1)
{
    /// <summary>Makes a colour from 0xRRGGBB.</summary>
    public static SceneColor FromRgb(int rgb, double opacity = 1) => new((rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, opacity);

    /// <summary>Returns the same colour with another opacity.</summary>
    public SceneColor WithOpacity(double opacity) => this with { A = opacity };
}
