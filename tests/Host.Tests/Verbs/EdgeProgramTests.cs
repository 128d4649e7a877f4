using System.Text.Json;

namespace EdgeAutonomy.Host.Tests;

public class EdgeProgramTests
{
    [Fact]
    public void Run_NoArguments_ShowsTheVerbsAndIsAUsageError()
    {
        var (code, output, _) = Run();
        Assert.Equal(64, code);
        foreach (string verb in (string[])["demo", "run", "sim", "events", "bench", "validate", "motor"]) Assert.Contains($"  {verb}", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dmeo", "'dmeo' is not a verb of 'edge'; did you mean 'demo'?")]
    [InlineData("demo --robots 0", "--robots is 0; must be from 1 to 8.")]
    [InlineData("demo --seconds abc", "--seconds is 'abc'; must be a number from 0.1 to 86400.")]
    [InlineData("demo --seconds NaN", "--seconds is 'NaN'; must be a number from 0.1 to 86400.")]
    [InlineData("demo --seed -1", "--seed is '-1'; must be a whole number from 0 to 18446744073709551615.")]
    [InlineData("demo --robots 1.5", "--robots is '1.5'; must be a whole number from 1 to 8.")]
    [InlineData("run", "Give --config FILE or --events FILE.")]
    [InlineData("run --config a --events b", "--config and --events cannot be used together.")]
    [InlineData("validate", "Give the configuration file to check, or --keys.")]
    [InlineData("motor --port 70000", "--port is 70000; must be from 0 to 65535.")]
    public void Run_WrongCommandLine_Is64WithOneSentence(string line, string sentence)
    {
        var (code, output, error) = Run(line.Split(' '));
        Assert.Equal(64, code);
        Assert.StartsWith("edge: " + sentence, error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public void Run_WrongCommandLineWithJson_PrintsOneObject()
    {
        var (code, output, _) = Run("demo", "--robots", "0", "--json");
        using var json = JsonDocument.Parse(output);
        Assert.Equal(code, json.RootElement.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData("events info /nowhere/x.raw", 66, "/nowhere/x.raw")]
    [InlineData("validate /nowhere/robot.json", 66, "/nowhere/robot.json does not exist; check the path.")]
    [InlineData("run --config /nowhere/robot.json", 66, "/nowhere/robot.json does not exist; check the path.")]
    [InlineData("run --events /nowhere/x.raw", 66, "/nowhere/x.raw")]
    [InlineData("bench nothing", 64, "'nothing' is no bench")]
    public void Run_MissingInput_NamesIt(string line, int expected, string part)
    {
        var (code, _, error) = Run(line.Split(' '));
        Assert.Equal(expected, code);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_EveryVerb_HasExamplesThatParse()
    {
        var terminal = new Terminal(new StringWriter(), new StringWriter());
        var root = EdgeProgram.Root(terminal);
        var verbs = root.Subcommands.Concat(root.Subcommands.SelectMany(c => c.Subcommands)).OfType<Verb>().ToArray();
        Assert.True(verbs.Length >= 7);
        foreach (var verb in verbs)
        {
            Assert.NotEmpty(verb.Examples);
            foreach (string example in verb.Examples) Assert.Empty(root.Parse(example.Split(' ')[1..]).Errors);
        }
        var (code, output, _) = Run("demo", "--help");
        Assert.Equal(0, code);
        Assert.Contains("Examples:\n  edge demo\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void Docs_Cli_NamesEveryVerbAndOption()
    {
        string docs = File.ReadAllText(Path.Combine(EdgeAutonomy.Tests.SharedData.RepositoryRoot, "docs", "cli.md"));
        var root = EdgeProgram.Root(new Terminal(new StringWriter(), new StringWriter()));
        foreach (var verb in root.Subcommands.Concat(root.Subcommands.SelectMany(c => c.Subcommands)).OfType<Verb>())
        {
            Assert.Contains(verb.Name, docs, StringComparison.Ordinal);
            foreach (var option in verb.Options.Where(o => o.Name != "--help")) Assert.Contains(option.Name, docs, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_BrokenFile_Is78AndListsTheFindings()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, ValidConfiguration.Set(("Robot:Id", "\"a b\""), ("Loops:avoid:Act:Port", "0")));
            var (code, output, _) = Run("validate", file, "--json");
            Assert.Equal(78, code);
            using var json = JsonDocument.Parse(output);
            var findings = json.RootElement.GetProperty("findings").EnumerateArray().ToArray();
            Assert.Equal(2, findings.Length);
            Assert.Equal("Robot:Id", findings[0].GetProperty("where").GetString());
            Assert.Equal("error", findings[0].GetProperty("severity").GetString());
            Assert.All(findings, f => Assert.NotEmpty(f.GetProperty("remedy").GetString()!));

            (code, output, _) = Run("validate", file);
            Assert.Equal(78, code);
            Assert.Contains("2 errors, 0 warnings.", output, StringComparison.Ordinal);
            File.WriteAllText(file, ValidConfiguration.Json);
            (code, output, _) = Run("validate", file);
            Assert.Equal((0, $"{file}: no errors.\n"), (code, output.ReplaceLineEndings("\n")));
        }
        finally
        {
            File.Delete(file);
        }
    }

    internal static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        int code = EdgeProgram.Run(arguments, new Terminal(output, error));
        return (code, output.ToString(), error.ToString());
    }
}
