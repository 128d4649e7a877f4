using System.Runtime.InteropServices;
using System.Text;
using EdgeAutonomy.Runtime;

namespace EdgeAutonomy.Agents.Tests;

/// <summary>Which topics a filter matches: by the examples of the standard, and by another implementation.</summary>
public partial class LinkFilterTests
{
    // The examples of MQTT 5, 4.7.1.2, 4.7.1.3 and 4.7.2.
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "a/b/c", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/monitor", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/monitor/Clients", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a/b", "a/bc", false)]
    [InlineData("a/+/c", "a//c", true)]
    [InlineData("+/#", "a", true)]
    [InlineData("$share/g/a/+", "a/b", true)]
    [InlineData("$share/g/#", "$SYS/x", false)]
    public void Matches_ExamplesOfTheStandard_AsWritten(string filter, string topic, bool matches) =>
        Assert.Equal(matches, LinkFilter.Parse(filter).Matches(Encoding.UTF8.GetBytes(topic)));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("sport/tennis#", "wildcard inside the level 'tennis#'")]
    [InlineData("sport+", "wildcard inside")]
    [InlineData("sport/#/ranking", "# that is not last")]
    [InlineData("a/b/c/d/e/f/g/h", "has 8 levels; must have at most 7")]
    [InlineData("$share/g", "must be $share/NAME/FILTER")]
    [InlineData("$share//a", "must be $share/NAME/FILTER")]
    [InlineData("$share/+/a", "must be $share/NAME/FILTER")]
    [InlineData("a\nb", "control character U+000A")]
    public void Parse_Malformed_SaysWhatIsWrong(string filter, string says) => Assert.Contains(says, Assert.Throws<ArgumentException>(() => LinkFilter.Parse(filter)).Message);

    [Fact]
    public void Parse_HalfASurrogatePair_SaysSo() => Assert.Contains("half a surrogate pair", Assert.Throws<ArgumentException>(() => LinkFilter.Parse("a\ud800")).Message);

    [Fact]
    public void Matches_Always_AllocatesNothing()
    {
        var filter = LinkFilter.Parse("ea/v1/+/r/+/status");
        byte[] topic = Encoding.UTF8.GetBytes("ea/v1/site/r/r17/status");
        EdgeAutonomy.Tests.Allocations.AssertNone(() => filter.Matches(topic));
    }

    [SkippableFact]
    public void Matches_RandomPairs_AsMosquittoSays()
    {
        Skip.IfNot(NativeLibrary.TryLoad("libmosquitto.so.1", out _), "libmosquitto.so.1 is absent; install the package libmosquitto1 to compare with it");
        var random = new RandomStream(20261122);
        int matches = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string topic = Levels(random, wildcards: false), text = Levels(random, wildcards: true);
            if (TryParse(text) is not { } filter) continue;
            Assert.Equal(0, TopicMatchesSub(text, topic, out byte expected));
            Assert.True(expected != 0 == filter.Matches(Encoding.UTF8.GetBytes(topic)), $"'{text}' and '{topic}': mosquitto says {expected != 0}.");
            matches += expected;
        }
        // A comparison in which nothing or everything matched would show nothing.
        Assert.InRange(matches, 1000, 15_000);
    }

    // Few different levels, so that many pairs match; empty ones and those of the broker among them.
    private static string Levels(RandomStream random, bool wildcards)
    {
        string[] words = wildcards ? ["a", "b", "aa", "", "+", "+", "é"] : ["a", "b", "aa", "", "é"];
        var levels = new List<string>();
        if (random.NextInt32(8) == 0) levels.Add("$SYS");
        for (int n = 1 + random.NextInt32(4); n > 0; n--) levels.Add(words[random.NextInt32(words.Length)]);
        if (wildcards && random.NextInt32(3) == 0) levels.Add("#");
        string text = string.Join('/', levels);
        return text.Length == 0 ? "a" : text;
    }

    private static LinkFilter? TryParse(string text)
    {
        try
        {
            return LinkFilter.Parse(text);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [LibraryImport("libmosquitto.so.1", EntryPoint = "mosquitto_topic_matches_sub", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int TopicMatchesSub(string sub, string topic, out byte result);
}
