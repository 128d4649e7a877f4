namespace EdgeAutonomy.Host.Tests;

public class NearestNameTests
{
    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "ABC", 0)]
    [InlineData("ab", "ba", 1)]
    [InlineData("dmeo", "demo", 1)]
    public void Distance_KnownPairs_IsTheNumberOfSlips(string a, string b, int slips)
    {
        Assert.Equal(slips, NearestName.Distance(a, b));
        Assert.Equal(slips, NearestName.Distance(b, a));
    }

    [Theory]
    [InlineData("Prioritty", "Priority")]
    [InlineData("MaxAge", "MaxAgeMs")]
    [InlineData("zebra", null)]
    [InlineData("", null)]
    public void Of_Name_GivesTheNearestWithinReason(string given, string? near) =>
        Assert.Equal(near, NearestName.Of(given, ["Priority", "MaxAgeMs", "MaxUnseenMs"]));
}
