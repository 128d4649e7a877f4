using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace EdgeAutonomy.Recording;

/// <summary>Writes PNG pictures of 8-bit samples. Equal pixels give equal bytes on one runtime.</summary>
/// <remarks>
/// W3C PNG, third edition. Each row is stored as it is or as the difference to the row above (filter types 0 and 2, §9), whichever has the smaller sum
/// of absolute values, which is the rule of thumb of §12.7. Buffers are kept between pictures; the compressor itself allocates a little each time.
/// Not thread-safe.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "A MemoryStream holds nothing but memory.")]
public sealed class PngEncoder
{
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];
    private static readonly uint[] CrcTable = MakeCrcTable();

    private readonly MemoryStream _packed = new();
    private readonly CompressionLevel _level;
    private byte[] _row = [];

    /// <summary>Makes an encoder.</summary>
    /// <param name="level">How hard to compress: fastest for a live view, smallest for files.</param>
    public PngEncoder(CompressionLevel level = CompressionLevel.Optimal) => _level = level;

    /// <summary>Writes an event image as a grey picture.</summary>
    /// <exception cref="ArgumentException">The image is empty.</exception>
    public void Encode(EventImage image, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(image);
        Encode(image.Width, image.Height, PngColor.Grey, image.Pixels, output);
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="color">What the bytes mean.</param>
    /// <param name="pixels">The samples, [y, x, channel], no gaps between rows.</param>
    /// <param name="output">Where to.</param>
    /// <param name="palette">The colours as red, green, blue, 1 to 256 of them; only for <see cref="PngColor.Palette"/>.</param>
    /// <exception cref="ArgumentException">A size does not fit the bytes, or the palette is missing or of a wrong size.</exception>
    public void Encode(int width, int height, PngColor color, ReadOnlySpan<byte> pixels, IBufferWriter<byte> output, ReadOnlySpan<byte> palette = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        int depth = color == PngColor.Rgb ? 3 : 1;
        if (pixels.Length != (long)width * height * depth)
            throw new ArgumentException($"A {color} picture of {width} × {height} pixels needs {(long)width * height * depth} bytes, got {pixels.Length}.", nameof(pixels));
        if (color == PngColor.Palette ? palette.Length is 0 or > 768 || palette.Length % 3 != 0 : !palette.IsEmpty)
            throw new ArgumentException($"A {color} picture takes {(color == PngColor.Palette ? "a palette of 3 to 768 bytes, three per colour" : "no palette")}, got {palette.Length} bytes.", nameof(palette));

        output.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = (byte)color;
        header[10..].Clear();
        Chunk(output, "IHDR"u8, header);
        if (color == PngColor.Palette) Chunk(output, "PLTE"u8, palette);
        Pack(pixels, width * depth, color != PngColor.Palette);
        Chunk(output, "IDAT"u8, _packed.GetBuffer().AsSpan(0, (int)_packed.Length));
        Chunk(output, "IEND"u8, []);
    }

    /// <summary>Returns the CRC-32 of PNG (§D: polynomial 0xEDB88320, reflected, inverted before and after).</summary>
    internal static uint Crc(uint crc, ReadOnlySpan<byte> data)
    {
        crc = ~crc;
        foreach (byte b in data) crc = CrcTable[(byte)(crc ^ b)] ^ crc >> 8;
        return ~crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < 256; i++)
        {
            uint c = i;
            for (int bit = 0; bit < 8; bit++) c = (c & 1) != 0 ? 0xEDB88320 ^ c >> 1 : c >> 1;
            table[i] = c;
        }
        return table;
    }

    private static void Chunk(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        output.Write(word);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc(Crc(0, type), data));
        output.Write(word);
    }

    // Differences of palette numbers mean nothing, so palettes are never filtered.
    private void Pack(ReadOnlySpan<byte> pixels, int stride, bool filter)
    {
        if (_row.Length < stride + 1) _row = new byte[stride + 1];
        _packed.SetLength(0);
        using var deflate = new ZLibStream(_packed, _level, leaveOpen: true);
        var row = _row.AsSpan(0, stride + 1);
        for (int at = 0; at < pixels.Length; at += stride)
        {
            var now = pixels.Slice(at, stride);
            if (filter && at > 0)
            {
                var above = pixels.Slice(at - stride, stride);
                long plain = 0, difference = 0;
                row[0] = 2;
                for (int i = 0; i < now.Length; i++)
                {
                    byte d = (byte)(now[i] - above[i]);
                    row[i + 1] = d;
                    plain += Math.Abs((int)(sbyte)now[i]);
                    difference += Math.Abs((int)(sbyte)d);
                }
                if (difference < plain)
                {
                    deflate.Write(row);
                    continue;
                }
            }
            row[0] = 0;
            now.CopyTo(row[1..]);
            deflate.Write(row);
        }
    }
}
