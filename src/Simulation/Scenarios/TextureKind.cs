namespace EdgeAutonomy.Simulation;

/// <summary>The pattern on a wall or an obstacle.</summary>
public enum TextureKind : byte
{
    /// <summary>Upright stripes of random widths between 6 and 30 cm.</summary>
    Stripes = 0,

    /// <summary>Squares of 10 to 20 cm.</summary>
    Checker = 1,

    /// <summary>Smooth random patches of 8 to 30 cm.</summary>
    Noise = 2,

    /// <summary>Bricks of 20 x 7 cm with light joints.</summary>
    Bricks = 3,

    /// <summary>One grey: hardly any events except at the edges.</summary>
    Plain = 4,
}
