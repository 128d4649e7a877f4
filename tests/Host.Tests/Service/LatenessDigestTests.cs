namespace EdgeAutonomy.Host.Tests;

public class LatenessDigestTests
{
    [Fact]
    public void Take_ManyLateWakes_TellsThemInOneSentence()
    {
        var digest = new LatenessDigest();
        Assert.Null(digest.Take("drive"));
        digest.Add(3.4, 1);
        digest.Add(12.5, 6);
        Assert.Equal("Loop 'drive': woke late 2 times, up to 12.5 ms, and left 7 deadlines out; a longer Period:MinMs or a faster machine helps.", digest.Take("drive"));
        digest.Add(1, 1);
        Assert.Null(digest.Take("drive"));
    }
}
