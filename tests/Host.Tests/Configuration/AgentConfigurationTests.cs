using EdgeAutonomy.Agents;

namespace EdgeAutonomy.Host.Tests;

/// <summary>The section of the mission agent: what is read, and what is refused with which sentence.</summary>
public class AgentConfigurationTests
{
    private const string Section = """{ "Loop": "avoid" }""";

    [Fact]
    public void Parse_LoopOnly_HasNoFindingsAndTheDefaults()
    {
        var result = ValidConfiguration.Parse(ValidConfiguration.Set(("Agent", Section)));
        Assert.Empty(result.Findings);
        var agent = result.Options.Agent!;
        Assert.Equal(("avoid", MissionFamily.Mixed, MissionWorldSize.Small, "mission", 0), (agent.Loop, agent.Family, agent.Size, agent.Policy, agent.Missions));
        Assert.Null(agent.LanguageModel);
    }

    [Theory]
    [InlineData("Agent:Loop", "\"void\"", "Agent:Loop is 'void'; must be one of the loops: avoid.")]
    [InlineData("Agent:Loop", null, "Agent:Loop is missing; must be 1 to 64 letters, digits, '-' or '_'.")]
    [InlineData("Agent:Policy", "\"missoin\"", "Agent:Policy is 'missoin'; must be the name of a model that ships")]
    [InlineData("Agent:Policy", "\"rover\"", "Agent:Policy is 'rover': ")]
    [InlineData("Agent:Policy", "\"alfworld\"", "Agent:Policy is 'alfworld': ")]
    [InlineData("Agent:Missions", "-1", "Agent:Missions is -1; must be in [0, 1000000].")]
    [InlineData("Agent:DeadlineMs", "50", "Agent:DeadlineMs is 50; must be in [200, 60000].")]
    [InlineData("Agent:Store", "\"policies\"", "Agent:Keys is missing; Agent:Store and Agent:Keys go together.")]
    [InlineData("Agent:Keys", "\"absent.pub\"", "Agent:Keys is 'absent.pub'; must be the path of a file that exists.")]
    [InlineData("Agent:LanguageModel:Endpoint", "\"http://example.org/v1/\"", "Agent:LanguageModel: Language model: Endpoint is 'http://example.org/v1/'; plain http is allowed to this machine only, use https.")]
    [InlineData("Agent:LanguageModel:Endpoint", "\"file:///etc\"", "Agent:LanguageModel: Language model: Endpoint is 'file:///etc'; must be an absolute http or https address.")]
    [InlineData("Agent:LanguageModel:ApiKey", "\"secret\"", "Agent:LanguageModel:ApiKey is not a known key; the keys here are Endpoint, Model, ApiKeyFile, Constraint, Temperature, MaxTokens.")]
    [InlineData("Loops:avoid:Sense:Scenario", "\"crowd\"", "Loops:avoid:Sense has a scenario of its own; the agent's loop drives in the room of its missions.")]
    [InlineData("Clock:Mode", "\"Sim\"", "Agent is set while Clock:Mode is Sim; must be Real.")]
    public void Parse_WrongValue_HasOneFindingWithTheSentence(string path, string? value, string message)
    {
        var finding = Assert.Single(ValidConfiguration.Check(ValidConfiguration.Set(("Agent", Section), (path, value))), f => f.Severity == Severity.Error);
        Assert.StartsWith(message, finding.Message, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Remedy);
    }

    [Fact]
    public void Parse_Planner_NeedsNoFile() => Assert.Empty(ValidConfiguration.Check(ValidConfiguration.Set(("Agent", Section), ("Agent:Policy", "\"planner\""))));

    [Fact]
    public void Parse_AgentSwitchedOff_IsNotChecked() => Assert.Empty(ValidConfiguration.Check(ValidConfiguration.Set(("Agent", """{ "Enabled": false, "Loop": "none" }"""))));
}
