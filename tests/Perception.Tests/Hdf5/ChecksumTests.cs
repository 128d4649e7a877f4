using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Perception.Tests;

public class ChecksumTests
{
    // The vectors that Jenkins gives in lookup3.c.
    [Theory]
    [InlineData("", 0xDEADBEEF)]
    [InlineData("Four score and seven years ago", 0x17770551)]
    public void Lookup3_PublishedVector_Matches(string text, uint expected) => Assert.Equal(expected, Lookup3.Of(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Fletcher32_RandomBytes_MatchesSumsModulo65535()
    {
        var random = new RandomStream(7);
        for (int length = 0; length < 900; length += 1 + random.NextInt32(7))
        {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) bytes[i] = (byte)(length % 3 == 0 ? 255 : random.NextInt32(256));
            ulong low = 0, high = 0;
            for (int i = 0; i < length; i += 2)
            {
                low += (ulong)(bytes[i] * 256 + (i + 1 < length ? bytes[i + 1] : 0));
                high += low;
            }
            uint sum = Fletcher32.Of(bytes);
            Assert.Equal(low % 65535, (sum & 0xFFFF) % 65535);
            Assert.Equal(high % 65535, (sum >> 16) % 65535);
            Assert.True(Fletcher32.Matches(sum, bytes));
            Assert.False(Fletcher32.Matches(sum ^ 1, bytes));
        }
    }
}
