using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EdgeAutonomy.Recording.Tests;

public class PngEncoderTests
{
    [Theory]
    [InlineData(1, 1, PngColor.Grey)]
    [InlineData(17, 9, PngColor.Grey)]
    [InlineData(5, 7, PngColor.Rgb)]
    [InlineData(8, 3, PngColor.Palette)]
    public void Encode_RandomPixels_ComeBack(int width, int height, PngColor color)
    {
        var pixels = new byte[width * height * (color == PngColor.Rgb ? 3 : 1)];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = (byte)(i / 7 % 2 == 0 ? 37 * i : 128);
        byte[] palette = color == PngColor.Palette ? [.. Enumerable.Range(0, 768).Select(i => (byte)i)] : [];
        var (header, back, colors) = Read(Encode(width, height, color, pixels, palette), pixels.Length / height);
        Assert.Equal((width, height, 8, (byte)color), (BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)), header[8], header[9]));
        Assert.Equal(pixels, back);
        Assert.Equal(palette, colors);
    }

    [Fact]
    public void Encode_EqualRows_UsesDifferencesAndSavesBytes()
    {
        // Rows of noise that repeat: only the difference to the row above is short.
        var pixels = new byte[256 * 64];
        uint state = 1;
        for (int i = 0; i < pixels.Length; i++) pixels[i] = i < 256 ? (byte)((state = state * 1664525 + 1013904223) >> 24) : pixels[i - 256];
        Assert.Equal(pixels, Read(Encode(256, 64, PngColor.Grey, pixels, []), 256).Pixels);
        Assert.True(Encode(256, 64, PngColor.Grey, pixels, []).Length < 800);
    }

    [Fact]
    public void Encode_OnePixel_MatchesChunksByHand()
    {
        byte[] png = Encode(1, 1, PngColor.Grey, [128], []);
        // Signature, IHDR of 1 × 1 grey 8 bit; the header's CRC 3A7E9B55 is the one that every 1 × 1 grey PNG has.
        Assert.StartsWith("89504E470D0A1A0A" + "0000000D49484452" + "0000000100000001" + "0800000000" + "3A7E9B55", Convert.ToHexString(png), StringComparison.Ordinal);
        Assert.EndsWith("0000000049454E44AE426082", Convert.ToHexString(png), StringComparison.Ordinal);
    }

    [Fact]
    public void Crc_CheckValue_IsTheStandardOne() => Assert.Equal(0xCBF43926u, PngEncoder.Crc(0, "123456789"u8));

    [Fact]
    public void Encode_Twice_GivesEqualBytes()
    {
        var image = new EventImage(40, 30);
        for (int i = 0; i < 300; i++) image.Pixels[i * 7 % 1200] = (byte)i;
        var encoder = new PngEncoder();
        var first = new ArrayBufferWriter<byte>();
        encoder.Encode(image, first);
        var second = new ArrayBufferWriter<byte>();
        encoder.Encode(image, second);
        Assert.Equal(first.WrittenSpan.ToArray(), second.WrittenSpan.ToArray());
        Assert.Equal(image.Pixels, Read(first.WrittenSpan.ToArray(), 40).Pixels);
    }

    [Fact]
    public void Encode_WrongSizes_Throws()
    {
        Assert.Throws<ArgumentException>(() => Encode(2, 2, PngColor.Grey, new byte[3], []));
        Assert.Throws<ArgumentException>(() => Encode(1, 1, PngColor.Palette, new byte[1], []));
        Assert.Throws<ArgumentException>(() => Encode(1, 1, PngColor.Grey, new byte[1], [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Encode(0, 1, PngColor.Grey, [], []));
    }

    private static byte[] Encode(int width, int height, PngColor color, byte[] pixels, byte[] palette)
    {
        var output = new ArrayBufferWriter<byte>();
        new PngEncoder().Encode(width, height, color, pixels, output, palette);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a PNG as the standard says, with a bitwise CRC that shares nothing with the encoder's table.</summary>
    private static (byte[] Header, byte[] Pixels, byte[] Palette) Read(byte[] png, int stride)
    {
        byte[] header = [], palette = [];
        var packed = new MemoryStream();
        int at = 8;
        string type;
        do
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            type = Encoding.ASCII.GetString(png, at + 4, 4);
            var data = png.AsSpan(at + 8, length);
            uint crc = ~0u;
            foreach (byte b in png.AsSpan(at + 4, length + 4))
            {
                crc ^= b;
                for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ crc >> 1 : crc >> 1;
            }
            Assert.Equal(~crc, BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)));
            if (type == "IHDR") header = data.ToArray();
            if (type == "PLTE") palette = data.ToArray();
            if (type == "IDAT") packed.Write(data);
            at += 12 + length;
        }
        while (type != "IEND");
        Assert.Equal(png.Length, at);
        packed.Position = 0;
        using var inflate = new ZLibStream(packed, CompressionMode.Decompress);
        var rows = new MemoryStream();
        inflate.CopyTo(rows);
        byte[] raw = rows.ToArray();
        var pixels = new byte[raw.Length / (stride + 1) * stride];
        for (int y = 0; y * (stride + 1) < raw.Length; y++)
        {
            byte filter = raw[y * (stride + 1)];
            Assert.True(filter is 0 or 2);
            for (int x = 0; x < stride; x++)
            {
                byte above = filter == 2 && y > 0 ? pixels[(y - 1) * stride + x] : (byte)0;
                pixels[y * stride + x] = (byte)(raw[y * (stride + 1) + 1 + x] + above);
            }
        }
        return (header, pixels, palette);
    }
}
