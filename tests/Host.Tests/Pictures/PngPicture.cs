using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace EdgeAutonomy.Host.Tests;

/// <summary>A PNG reader of the tests' own, for eight-bit RGB without interlacing: pictures are not checked by what drew them.</summary>
internal sealed class PngPicture
{
    private readonly byte[] _pixels;

    private PngPicture(int width, int height, byte[] pixels) => (Width, Height, _pixels) = (width, height, pixels);

    public int Width { get; }

    public int Height { get; }

    public int this[int x, int y] => _pixels[3 * (y * Width + x)] << 16 | _pixels[3 * (y * Width + x) + 1] << 8 | _pixels[3 * (y * Width + x) + 2];

    public static PngPicture Load(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        int width = 0, height = 0;
        var packed = new MemoryStream();
        bool ended = false;
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            string type = Encoding.ASCII.GetString(file, at + 4, 4);
            var data = file.AsSpan(at + 8, length);
            if (type == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                Assert.Equal([8, 2, 0, 0, 0], data[8..13].ToArray());
            }
            if (type == "IDAT") packed.Write(data);
            ended |= type == "IEND";
            at += 12 + length;
        }
        Assert.True(ended);
        packed.Position = 0;
        var raw = new MemoryStream();
        using (var inflate = new ZLibStream(packed, CompressionMode.Decompress)) inflate.CopyTo(raw);
        return new PngPicture(width, height, Unfilter(raw.ToArray(), width, height));
    }

    // All five filters of PNG §9.2, though our encoder uses two.
    private static byte[] Unfilter(byte[] raw, int width, int height)
    {
        int stride = 3 * width;
        Assert.Equal((stride + 1) * height, raw.Length);
        var pixels = new byte[stride * height];
        for (int y = 0; y < height; y++)
        {
            for (int i = 0; i < stride; i++)
            {
                int left = i >= 3 ? pixels[y * stride + i - 3] : 0, up = y > 0 ? pixels[(y - 1) * stride + i] : 0, corner = i >= 3 && y > 0 ? pixels[(y - 1) * stride + i - 3] : 0;
                int p = left + up - corner, pa = Math.Abs(p - left), pb = Math.Abs(p - up), pc = Math.Abs(p - corner);
                int predicted = raw[y * (stride + 1)] switch { 0 => 0, 1 => left, 2 => up, 3 => (left + up) / 2, 4 => pa <= pb && pa <= pc ? left : pb <= pc ? up : corner, _ => throw new InvalidDataException("no such filter") };
                pixels[y * stride + i] = (byte)(raw[y * (stride + 1) + 1 + i] + predicted);
            }
        }
        return pixels;
    }
}
