namespace EdgeAutonomy.Runtime;

/// <summary>A rectangle of sensor pixels, origin top left.</summary>
/// <param name="X">Left column.</param>
/// <param name="Y">Top row.</param>
/// <param name="Width">Columns; 0 = the whole sensor.</param>
/// <param name="Height">Rows; 0 = the whole sensor.</param>
public readonly record struct PixelRegion(ushort X, ushort Y, ushort Width, ushort Height)
{
    /// <summary>Gets whether the region stands for the whole sensor.</summary>
    public bool IsAll => Width == 0 || Height == 0;

    /// <summary>Tells whether a pixel lies in the region.</summary>
    public bool Contains(int x, int y) => IsAll || (uint)(x - X) < Width && (uint)(y - Y) < Height;
}
