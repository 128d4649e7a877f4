namespace EdgeAutonomy.Host.Tests;

/// <summary>The section of a robot's fleet: what is read, and what is refused with which sentence.</summary>
public class FleetConfigurationTests
{
    private const string Section = """{ "Loop": "avoid", "Voters": ["r1"] }""";

    [Fact]
    public void Parse_LoopAndVoters_HasNoFindingsAndTheDefaults()
    {
        var result = ValidConfiguration.Parse(ValidConfiguration.Set(("Fleet", Section)));
        Assert.Empty(result.Findings);
        var fleet = result.Options.Fleet!;
        Assert.Equal(("avoid", "site1", "mqtt://127.0.0.1:1883", false), (fleet.Loop, fleet.Site, fleet.Broker, fleet.Admit));
    }

    [Theory]
    [InlineData("Fleet:Loop", "\"void\"", "Fleet:Loop is 'void'; must be one of the loops whose sensor is a SimulatedRover")]
    [InlineData("Fleet:Voters", null, "Fleet:Voters is missing")]
    [InlineData("Fleet:Voters", "[\"r1\", \"r2\"]", "Fleet:Voters has 2 names; must be an odd number.")]
    [InlineData("Fleet:Voters", "[\"r 1\"]", "")]
    [InlineData("Fleet:Roster", "0", "Fleet:Roster is 0; must be in [1, 1000000].")]
    [InlineData("Fleet:Broker", "\"http://broker\"", "Fleet:Broker is 'http://broker'; must be mqtt://host:port or mqtts://host:port")]
    [InlineData("Fleet:Broker", "\"mqtt://user:secret@broker\"", "Fleet:Broker is 'mqtt://user:secret@broker'; must be mqtt://host:port or mqtts://host:port, without user and password.")]
    [InlineData("Fleet:Broker", "\"mqtts://broker:8883\"", "Fleet:CaFile is missing; it is needed with mqtts://broker:8883.")]
    [InlineData("Fleet:Password", "\"secret\"", "Fleet:Password is not a known key")]
    [InlineData("Fleet:PasswordFile", "\"absent\"", "Fleet:PasswordFile is 'absent'; must be the path of a file that exists.")]
    [InlineData("Fleet:Map", "\"absent\"", "Fleet:Map is 'absent'; must be the path of a file that exists.")]
    [InlineData("Clock:Mode", "\"Sim\"", "Fleet is set while Clock:Mode is Sim; must be Real.")]
    [InlineData("Agent", "{ \"Loop\": \"avoid\" }", "Fleet is set beside Agent; a robot gets its goals from one of them.")]
    public void Parse_WrongValue_HasAFindingWithTheSentence(string path, string? value, string message)
    {
        var findings = ValidConfiguration.Check(ValidConfiguration.Set(("Fleet", Section), (path, value))).Where(f => f.Severity == Severity.Error).ToArray();
        Assert.Contains(findings, f => f.Message.StartsWith(message, StringComparison.Ordinal) && f.Remedy.Length > 0);
    }

    [Fact]
    public void Parse_AdmitAndReadmit_ExcludeEachOther() => Assert.Contains(
        ValidConfiguration.Check(ValidConfiguration.Set(("Fleet", Section), ("Fleet:Admit", "true"), ("Fleet:Readmit", "true"))), f => f.Severity == Severity.Error && f.Where == "Fleet:Readmit" && f.Message.StartsWith("Fleet:Admit and Fleet:Readmit", StringComparison.Ordinal));

    [Theory]
    [InlineData("{", Severity.Error, "line 1")]
    [InlineData("{\"format\":\"site\"}", Severity.Error, "format is 'site'")]
    public void Parse_BrokenMap_HasOneSentence(string content, Severity severity, string text)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, content);
            var finding = Assert.Single(ValidConfiguration.Check(ValidConfiguration.Set(("Fleet", Section), ("Fleet:Map", $"\"{file}\""))), f => f.Where == "Fleet:Map");
            Assert.Equal(severity, finding.Severity);
            Assert.Contains(text, finding.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Parse_Admit_Warns() => Assert.Contains(ValidConfiguration.Check(ValidConfiguration.Set(("Fleet", Section), ("Fleet:Admit", "true"))), f => f.Severity == Severity.Warning && f.Where == "Fleet:Admit");
}
