using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

public class UntrustedTextTests
{
    [Theory]
    [InlineData(null, 10, "")]
    [InlineData("plain", 10, "plain")]
    [InlineData("two\r\nlines\tand tab", 40, "two  lines and tab")]
    [InlineData("bell\u0007 null\0 esc\u001b[31m", 40, "bell null esc[31m")]
    [InlineData("\u202Eevil\u2066\u200B", 40, "evil")]
    [InlineData("a\u2028b\u0085c", 40, "a bc")]
    [InlineData("half \ud83d pair", 40, "half  pair")]
    [InlineData("whole \ud83d\ude00", 40, "whole \ud83d\ude00")]
    [InlineData("0123456789", 5, "0123…")]
    [InlineData("012\ud83d\ude00\ud83d\ude00", 5, "012…")]
    public void Clean_OfAnyText_KeepsOnlyWhatIsHarmless(string? text, int max, string expected) => Assert.Equal(expected, UntrustedText.Clean(text, max));

    [Fact]
    public void Clean_OfRandomText_IsShortAndWellFormed()
    {
        var random = new RandomStream(3);
        for (int i = 0; i < 2000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.NextInt32(60)).Select(_ => (char)random.NextInt32(0x10000))]);
            int max = 1 + random.NextInt32(40);
            string clean = UntrustedText.Clean(text, max);
            Assert.True(clean.Length <= max);
            Assert.DoesNotContain(clean, char.IsControl);
            Assert.Equal(clean, UntrustedText.Clean(clean, max));
        }
    }
}
