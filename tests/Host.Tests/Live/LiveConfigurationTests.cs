namespace EdgeAutonomy.Host.Tests;

public class LiveConfigurationTests
{
    [Theory]
    [InlineData("Live:Port", "70000", "Live:Port is 70000; must be a whole number in [0, 65535].")]
    [InlineData("Live:Bind", "\"robot.local\"", "Live:Bind is 'robot.local'; must be an IP address or localhost.")]
    [InlineData("Live:Token", "\"short\"", "Live:Token has 5 characters; must be at least 16 printable ASCII characters without blanks.")]
    [InlineData("Live:OtlpEndpoint", "\"collector:4318\"", "Live:OtlpEndpoint is 'collector:4318'; must be an http or https address.")]
    [InlineData("Live:AllowedOrigins", "[\"https://a.example/path\"]", "Live:AllowedOrigins has 'https://a.example/path'; must be an origin such as http://robot.example:8765.")]
    [InlineData("Live:AllowedOrigins", "\"https://a.example\"", "Live:AllowedOrigins is 'https://a.example'; must be a list.")]
    [InlineData("Live", "{ \"Bind\": \"0.0.0.0\", \"AllowControl\": true }", "Live:Token is missing; it is needed when Live:AllowControl is True and Live:Bind is 0.0.0.0, which other machines reach.")]
    public void Parse_OneRuleBroken_GivesExactlyThatError(string path, string value, string message)
    {
        var finding = Assert.Single(ValidConfiguration.With(path, value));
        Assert.Equal(message, finding.Message.Replace("must be in [", "must be a whole number in [", StringComparison.Ordinal));
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.NotEmpty(finding.Remedy);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{ \"Bind\": \"0.0.0.0\" }")]
    [InlineData("{ \"Bind\": \"::1\", \"AllowControl\": true }")]
    [InlineData("{ \"Bind\": \"0.0.0.0\", \"AllowControl\": true, \"Token\": \"0123456789abcdef\", \"AllowedOrigins\": [\"https://a.example\", \"http://b:1\"] }")]
    public void Parse_Sound_HasNoFinding(string live) => Assert.Empty(ValidConfiguration.With("Live", live));

    [Fact]
    public void Parse_NoSection_MeansNoEndpoint()
    {
        Assert.Null(ValidConfiguration.Parse(ValidConfiguration.Json).Options.Live);
        Assert.True(ValidConfiguration.Parse(ValidConfiguration.Set(("Live", "{}"))).Options.Live!.Enabled);
        var options = ValidConfiguration.Parse(ValidConfiguration.Set(("Live", "{ \"Port\": 9000, \"AllowedOrigins\": [\"http://b:1\"] }"))).Options.Live!.ToOptions("r1");
        Assert.Equal((9000, "http://b:1", "r1"), (options.Port, options.AllowedOrigins[0], options.Robot));
    }
}
