namespace EdgeAutonomy.Simulation;

/// <summary>How the pixels of a frame lie in memory.</summary>
public enum PixelOrder : byte
{
    /// <summary>[y, x]: row after row, as images are stored.</summary>
    Rows = 0,

    /// <summary>[x, y]: column after column, as the column renderer writes.</summary>
    Columns = 1,
}
