namespace EdgeAutonomy.Host.Tests;

public class ConfigurationReferenceTests
{
    [Fact]
    public void Docs_Configuration_ListsEveryKeyAsTheProgramKnowsIt()
    {
        string docs = File.ReadAllText(Path.Combine(EdgeAutonomy.Tests.SharedData.RepositoryRoot, "docs", "configuration.md")).ReplaceLineEndings("\n");
        string table = ConfigurationReference.Markdown(Stages.All);
        Assert.True(docs.Contains(table, StringComparison.Ordinal), "docs/configuration.md is behind the option classes; put the output of `./edge validate --keys` below the line 'All keys'.");
    }

    [Theory]
    [InlineData("rover.json")]
    [InlineData("missions.json")]
    [InlineData("fleet.json")]
    public void Deploy_Example_IsValid(string file)
    {
        var (code, output, _) = EdgeProgramTests.Run("validate", Path.Combine(EdgeAutonomy.Tests.SharedData.RepositoryRoot, "deploy", file));
        Assert.True(code == 0, output);
    }

    [Fact]
    public void Docs_Configuration_ExampleIsValid()
    {
        string docs = File.ReadAllText(Path.Combine(EdgeAutonomy.Tests.SharedData.RepositoryRoot, "docs", "configuration.md"));
        int start = docs.IndexOf("```jsonc", StringComparison.Ordinal) + 8, end = docs.IndexOf("```", start, StringComparison.Ordinal);
        Assert.DoesNotContain(ValidConfiguration.Check(docs[start..end]), f => f.Severity == Severity.Error);
    }

    [Fact]
    public void Markdown_EveryOptionOfEveryKind_HasARow()
    {
        string table = ConfigurationReference.Markdown(Stages.All);
        foreach (var kind in Stages.All.Kinds)
        {
            foreach (var key in OptionKey.Of(kind.Options)) Assert.Contains($":{kind.Role}:{key.Name}`", table, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Registry_SameNameTwice_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new StageRegistry().Add(Stages.All.Kinds[0]).Add(Stages.All.Kinds[0] with { Name = Stages.All.Kinds[0].Name.ToUpperInvariant() }));
}
