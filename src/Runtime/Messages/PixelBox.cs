using System.Runtime.InteropServices;

namespace EdgeAutonomy.Runtime.Messages;

/// <summary>An axis-parallel box of sensor pixels, both corners inclusive.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct PixelBox(ushort Left, ushort Top, ushort Right, ushort Bottom, int Pixels)
{
    /// <summary>Gets the columns the box spans.</summary>
    public int Width => Right - Left + 1;

    /// <summary>Gets the rows the box spans.</summary>
    public int Height => Bottom - Top + 1;
}
