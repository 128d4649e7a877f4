using System.Buffers.Binary;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host;

/// <summary>Packs an event image for the page: two bits a pixel instead of eight, and not wider than a page can show.</summary>
/// <remarks>
/// Little-endian: u8 kind (1) · u8 bits per pixel (2) · u16 loop index · u16 width · u16 height · pixels row by row, four to a byte, the first in the
/// lowest bits; 0 = nothing, 1 = OFF, 2 = ON. Rows are not padded. Images wider or higher than <see cref="MaxSide"/> are reduced by a whole factor; a block
/// with any event takes the strongest, so that single events stay visible.
/// </remarks>
internal static class LiveImage
{
    /// <summary>Bytes before the pixels.</summary>
    public const int HeaderBytes = 8;

    /// <summary>The most columns or rows sent.</summary>
    public const int MaxSide = 640;

    /// <summary>Packs an image.</summary>
    /// <param name="loop">The loop's index in the state message.</param>
    /// <param name="image">The image; not changed.</param>
    public static byte[] Pack(int loop, EventImage image)
    {
        int factor = Math.Max(1, (Math.Max(image.Width, image.Height) + MaxSide - 1) / MaxSide);
        int width = image.Width / factor, height = image.Height / factor;
        byte[] bytes = new byte[HeaderBytes + (width * height + 3) / 4];
        bytes[0] = 1;
        bytes[1] = 2;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)loop);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)width);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), (ushort)height);
        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, i++)
            {
                int contrast = factor == 1 ? image.Pixels[i] - EventImage.Quiet : Strongest(image, x * factor, y * factor, factor);
                int code = contrast == 0 ? 0 : contrast < 0 ? 1 : 2;
                bytes[HeaderBytes + (i >> 2)] |= (byte)(code << ((i & 3) * 2));
            }
        }
        return bytes;
    }

    private static int Strongest(EventImage image, int left, int top, int side)
    {
        int strongest = 0;
        for (int y = top; y < top + side; y++)
        {
            foreach (byte pixel in image.Pixels.AsSpan(y * image.Width + left, side))
            {
                int contrast = pixel - EventImage.Quiet;
                if (Math.Abs(contrast) > Math.Abs(strongest)) strongest = contrast;
            }
        }
        return strongest;
    }
}
