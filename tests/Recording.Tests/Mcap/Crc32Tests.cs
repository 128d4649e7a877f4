namespace EdgeAutonomy.Recording.Tests;

public class Crc32Tests
{
    [Fact]
    public void Of_CheckVector_GivesTheValueOfTheStandard()
    {
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
        Assert.Equal(0u, Crc32.Of([]));
    }

    [Fact]
    public void Of_EveryLengthAndAlignment_EqualsTheBitwiseDefinition()
    {
        var bytes = Noise(700);
        for (int length = 0; length < 600; length++)
        {
            var part = bytes.AsSpan(length % 17, length);
            uint expected = Bitwise(part);
            Assert.Equal(expected, Crc32.Of(part));
            Assert.Equal(expected, ~Crc32.AppendTables(~0u, part));
        }
    }

    [SkippableFact]
    public void Folding_LongInput_EqualsTables()
    {
        Skip.IfNot(Crc32Folding.IsSupported, "this processor has no carry-less multiplication");
        var bytes = Noise(1 << 20);
        foreach (int length in (int[])[64, 65, 127, 128, 4096, 65_537, 1 << 20])
        {
            ReadOnlySpan<byte> rest = bytes.AsSpan(0, length);
            uint state = Crc32Folding.Append(0x12345678, ref rest);
            Assert.True(rest.Length < 16);
            Assert.Equal(Crc32.AppendTables(0x12345678, bytes.AsSpan(0, length)), Crc32.AppendTables(state, rest));
        }
    }

    [Fact]
    public void Append_AnySplit_EqualsTheWhole()
    {
        var bytes = Noise(1000);
        uint whole = Crc32.Of(bytes);
        for (int split = 0; split <= bytes.Length; split++) Assert.Equal(whole, Crc32.Append(Crc32.Of(bytes.AsSpan(0, split)), bytes.AsSpan(split)));
    }

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte x in bytes)
        {
            crc ^= x;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        ulong x = 0x9E3779B97F4A7C15;
        for (int i = 0; i < length; i++)
        {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            bytes[i] = (byte)(x >> 32);
        }
        return bytes;
    }
}
