namespace EdgeAutonomy.Simulation;

/// <summary>How a surface looks.</summary>
/// <param name="Kind">The pattern.</param>
/// <param name="Contrast">Difference between light and dark reflectance, in [0, 1].</param>
/// <param name="Brightness">Mean reflectance, in [0.05, 0.95].</param>
/// <param name="Variant">Which of the random patterns of this kind, in [0, 63]; few variants keep the memory small.</param>
public readonly record struct Surface(TextureKind Kind, double Contrast = 0.5, double Brightness = 0.5, int Variant = 0);
