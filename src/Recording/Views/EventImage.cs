namespace EdgeAutonomy.Recording;

/// <summary>What an event camera saw lately, as a grey image for people: 128 = nothing, brighter = ON, darker = OFF.</summary>
/// <remarks>Row-major, [y, x], origin top left, y down. Not thread-safe.</remarks>
public sealed class EventImage
{
    /// <summary>The grey of a pixel without events.</summary>
    public const byte Quiet = 128;

    /// <summary>The grey of a pixel whose last event was ON.</summary>
    public const byte On = 255;

    /// <summary>The grey of a pixel whose last event was OFF.</summary>
    public const byte Off = 0;

    /// <summary>Makes a quiet image.</summary>
    /// <param name="width">Columns; 0 = no camera.</param>
    /// <param name="height">Rows; 0 = no camera.</param>
    public EventImage(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(width);
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        Width = width;
        Height = height;
        Pixels = new byte[checked(width * height)];
        Clear();
    }

    /// <summary>Gets the columns.</summary>
    public int Width { get; }

    /// <summary>Gets the rows.</summary>
    public int Height { get; }

    /// <summary>Gets the pixels, [y, x], <see cref="Width"/> × <see cref="Height"/> bytes.</summary>
    public byte[] Pixels { get; }

    /// <summary>Makes every pixel <see cref="Quiet"/>.</summary>
    public void Clear() => Array.Fill(Pixels, Quiet);
}
