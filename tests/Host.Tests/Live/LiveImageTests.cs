using System.Buffers.Binary;
using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host.Tests;

public class LiveImageTests
{
    [Fact]
    public void Pack_FourPixels_FillsOneByteFromTheLowestBits()
    {
        var image = new EventImage(2, 2);
        (image.Pixels[0], image.Pixels[1], image.Pixels[3]) = (255, 0, 200);
        Assert.Equal([1, 2, 5, 0, 2, 0, 2, 0, 0b10_00_01_10], LiveImage.Pack(5, image));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(640, 480)]
    public void Pack_AnySize_HasABitPairForEachPixel(int width, int height) =>
        Assert.Equal(8 + (width * height + 3) / 4, LiveImage.Pack(0, new EventImage(width, height)).Length);

    [Fact]
    public void Pack_LargeSensor_IsReducedAndKeepsASingleEvent()
    {
        var image = new EventImage(1280, 720);
        image.Pixels[719 * 1280 + 1279] = 0;
        byte[] packed = LiveImage.Pack(0, image);
        Assert.Equal(640, BinaryPrimitives.ReadUInt16LittleEndian(packed.AsSpan(4)));
        Assert.Equal(360, BinaryPrimitives.ReadUInt16LittleEndian(packed.AsSpan(6)));
        Assert.Equal(0b01_00_00_00, packed[^1]);
        Assert.All(packed[8..^1], b => Assert.Equal(0, b));
    }
}
