using System.Globalization;

namespace EdgeAutonomy.Host.Tests;

/// <summary>Every rule has an example that breaks it, with the exact text.</summary>
public class ConfigurationRuleTests
{
    [Fact]
    public void Parse_ValidConfiguration_HasNoFindingsAndReadsTheValues()
    {
        var result = ValidConfiguration.Parse(ValidConfiguration.Set(("Loops:avoid:Period", """{ "Policy": "eventrate", "MinMs": "0.5", "MaxMs": 4 }"""), ("RealTime:Affinity", "[0]")));
        Assert.Empty(result.Findings);
        Assert.True(result.IsValid);
        Assert.Equal("r1", result.Options.Robot.Id);
        Assert.Equal(42UL, result.Options.Robot.Seed);
        Assert.Equal([0], result.Options.RealTime.Affinity);
        var loop = result.Options.Loops["avoid"];
        Assert.Equal(PeriodPolicy.EventRate, loop.Period.Policy);
        Assert.Equal(0.5, loop.Period.MinMs);
        Assert.Equal(7400, Assert.IsType<UdpMotorAct>(loop.Act).Port);
        Assert.Equal(200, loop.WarmUpCycles);
    }

    [Theory]
    // A number outside its range, of the wrong kind, and beyond all reason.
    [InlineData("Loops:avoid:Period:MinMs", "0", "Loops:avoid:Period:MinMs is 0; must be in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MinMs", "-1e308", "Loops:avoid:Period:MinMs is -1e308; must be in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MinMs", "1e999", "Loops:avoid:Period:MinMs is '1e999'; must be a number in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MinMs", "\"fast\"", "Loops:avoid:Period:MinMs is 'fast'; must be a number in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MinMs", "\"1,5\"", "Loops:avoid:Period:MinMs is '1,5'; must be a number in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MinMs", "\"NaN\"", "Loops:avoid:Period:MinMs is 'NaN'; must be a number in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MinMs", "true", "Loops:avoid:Period:MinMs is 'True'; must be a number in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MinMs", "{ \"a\": 1 }", "Loops:avoid:Period:MinMs is a section; must be a number in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MinMs", "[1]", "Loops:avoid:Period:MinMs is a list; must be a number in [0.125, 1000].")]
    [InlineData("Loops:avoid:Period:MaxMs", "10001", "Loops:avoid:Period:MaxMs is 10001; must be in [0.125, 10000].")]
    [InlineData("Loops:avoid:Period:TargetEvents", "0", "Loops:avoid:Period:TargetEvents is 0; must be in [1, 10000000].")]
    [InlineData("Loops:avoid:Period:GrowDwellCycles", "1.5", "Loops:avoid:Period:GrowDwellCycles is '1.5'; must be a whole number in [0, 10000].")]
    [InlineData("Loops:avoid:Period:Policy", "\"Guessed\"", "Loops:avoid:Period:Policy is 'Guessed'; must be one of Fixed, EventRate, ErrorControlled, Policy, Learned.")]
    [InlineData("Loops:avoid:Period:Policy", "2", "Loops:avoid:Period:Policy is '2'; must be one of Fixed, EventRate, ErrorControlled, Policy, Learned.")]
    [InlineData("Loops:avoid:OnOverrun", "\"skip\"", "Loops:avoid:OnOverrun is 'skip'; must be one of SkipSlots, CatchUp.")]
    [InlineData("Loops:avoid:WarmUpCycles", "-1", "Loops:avoid:WarmUpCycles is -1; must be in [0, 100000].")]
    [InlineData("Loops:avoid:Sense:BudgetUs", "-1", "Loops:avoid:Sense:BudgetUs is -1; must be in [0, 1000000].")]
    [InlineData("Loops:avoid:Sense:OnMiss", "\"Ignore\"", "Loops:avoid:Sense:OnMiss is 'Ignore'; must be one of Warn, Skip, Safe, Stop.")]
    [InlineData("Loops:avoid:Sense:MaxAgeMs", "0", "Loops:avoid:Sense:MaxAgeMs is 0; must be in [1, 60000].")]
    [InlineData("Loops:avoid:Sense:MaxUnseenMs", "0", "Loops:avoid:Sense:MaxUnseenMs is 0; must be in [1, 60000].")]
    [InlineData("Loops:avoid:Sense:Scenario", "\"maze\"", "Loops:avoid:Sense:Scenario is 'maze'; must be one of default, corridor, crowd, empty, gate.")]
    [InlineData("Loops:avoid:Decide:MaxSpeedMps", "6", "Loops:avoid:Decide:MaxSpeedMps is 6; must be in [0.05, 5].")]
    [InlineData("Loops:avoid:Act:Port", "0", "Loops:avoid:Act:Port is 0; must be in [1, 65535].")]
    [InlineData("Loops:avoid:Act:Port", null, "Loops:avoid:Act:Port is missing; must be a whole number in [1, 65535].")]
    [InlineData("Loops:avoid:Monitor:DwellMs", "-5", "Loops:avoid:Monitor:DwellMs is -5; must be in [0, 600000].")]
    [InlineData("Loops:avoid:Monitor:MissesDegraded", "11", "Loops:avoid:Monitor:MissesDegraded is 11; must be in [1, 10].")]
    [InlineData("Loops:avoid:Monitor:Thresholds", "[0.8, 0.5]", "Loops:avoid:Monitor:Thresholds has 2 elements; must be a list of 3 numbers in [0, 1].")]
    [InlineData("Loops:avoid:Monitor:Thresholds", "[0.8, 0.5, -1]", "Loops:avoid:Monitor:Thresholds:2 is -1; must be in [0, 1].")]
    [InlineData("Loops:avoid:Monitor:Thresholds", "0.8", "Loops:avoid:Monitor:Thresholds is '0.8'; must be a list.")]
    [InlineData("Loops:avoid:Guard:MaxLinearMps", "51", "Loops:avoid:Guard:MaxLinearMps is 51; must be in [0, 50].")]
    [InlineData("Loops:avoid:Guard:DegradedShare", "1.1", "Loops:avoid:Guard:DegradedShare is 1.1; must be in [0, 1].")]
    [InlineData("Loops:avoid:Faults", "[{ \"Stage\": \"Sense\", \"Kind\": \"Explode\" }]", "Loops:avoid:Faults:0:Kind is 'Explode'; must be one of Fail, Throw, Silent, Slow, Hang, Chance.")]
    [InlineData("Robot:Id", "\"\"", "Robot:Id is ''; must be 1 to 64 letters, digits, '-' or '_'.")]
    [InlineData("Robot:Id", "\"../r1\"", "Robot:Id is '../r1'; must be 1 to 64 letters, digits, '-' or '_'.")]
    [InlineData("Robot:Id", "null", "Robot:Id is empty; must be 1 to 64 letters, digits, '-' or '_'.")]
    [InlineData("Robot:Seed", "18446744073709551616", "Robot:Seed is '18446744073709551616'; must be a whole number in [0, 18446744073709551615].")]
    [InlineData("Robot", "7", "Robot is '7'; must be a section with the keys Id, Seed.")]
    [InlineData("Robot", "[7]", "Robot is a list; must be a section with the keys Id, Seed.")]
    [InlineData("Clock:SpinAheadUs", "10001", "Clock:SpinAheadUs is 10001; must be in [0, 10000].")]
    [InlineData("RealTime:Priority", "100", "RealTime:Priority is 100; must be in [1, 99].")]
    [InlineData("RealTime:LockMemory", "\"yes\"", "RealTime:LockMemory is 'yes'; must be true or false.")]
    [InlineData("RealTime:Affinity", "[0, 1024]", "RealTime:Affinity:1 is 1024; must be in [0, 1023].")]
    [InlineData("RealTime:Affinity", "[0.5]", "RealTime:Affinity:0 is '0.5'; must be a whole number in [0, 1023].")]
    [InlineData("Watchdog:LimitMs", "1", "Watchdog:LimitMs is 1; must be in [10, 60000].")]
    // Parts that are missing or not there yet.
    [InlineData("Loops", null, "Loops is missing; it is needed.")]
    [InlineData("Loops", "{}", "Loops is empty; it is needed.")]
    [InlineData("Loops", "[]", "Loops is empty; it is needed.")]
    [InlineData("Loops:avoid:Decide", null, "Loops:avoid:Decide is missing; it is needed.")]
    [InlineData("Loops:avoid:Decide", "{}", "Loops:avoid:Decide:Type is missing; must be one of GoToGoal, Joint, None.")]
    [InlineData("Loops:avoid:Decide:Type", "\"OnnxPolicy\"", "Loops:avoid:Decide:Type is 'OnnxPolicy'; must be one of GoToGoal, Joint, None.")]
    [InlineData("Loops:avoid:Perceive", "[{ \"Type\": \"Rover\" }, { \"Type\": \"Rover\" }]", "Loops:avoid:Perceive has 2 elements; this build takes one.")]
    [InlineData("Recording", "{ \"OnFull\": \"Hold\" }", "Recording:OnFull is Hold; must be DropAndMark while Clock:Mode is Real.")]
    [InlineData("Recording:OnFailure", "\"SafeStop\"", "Recording:OnFailure is 'SafeStop'; must be one of Nominal, Strained, Degraded, Hold.")]
    // Rules that tie keys together.
    [InlineData("Loops:avoid:Period", "{ \"MinMs\": 4, \"MaxMs\": 2 }", "Loops:avoid:Period:MaxMs is 2; must not be shorter than MinMs, which is 4.")]
    [InlineData("Loops:avoid:Period", "{ \"MinMs\": 1, \"MaxMs\": 12 }", "Loops:avoid:Period:MaxMs is 12; must be MinMs (1) times 1, 2, 4 … 32768.")]
    [InlineData("Loops:avoid:Perceive:BudgetUs", "1000", "Loops:avoid: the budgets of its stages sum to 1000 us; must be less than the shortest period, 1000 us.")]
    [InlineData("Loops:avoid:Sense:MaxAgeMs", "31", "Loops:avoid:Sense:MaxAgeMs is 31; must not be less than the longest period, 32 ms.")]
    [InlineData("Loops:avoid:Sense:MaxUnseenMs", "16", "Loops:avoid:Sense:MaxUnseenMs is 16; must not be less than the longest period, 32 ms.")]
    [InlineData("Clock:SpinAheadUs", "500", "Clock:SpinAheadUs is 500; must be less than half the shortest period of Loops:avoid, 500 us.")]
    [InlineData("Loops:avoid:Act:CommandTimeoutMs", "32", "Loops:avoid:Act:CommandTimeoutMs is 32; must be longer than the longest period, 32 ms.")]
    [InlineData("Loops:avoid:Act:Host", "\"motor.local\"", "Loops:avoid:Act:Host is 'motor.local'; must be an IP address or localhost.")]
    [InlineData("Loops:avoid:Monitor:Thresholds", "[0.5, 0.8, 0.2]", "Loops:avoid:Monitor:Thresholds is [0.5, 0.8, 0.2]; must fall from left to right.")]
    [InlineData("Loops:avoid:Perceive:Type", "\"Events\"", "Loops:avoid:Perceive:Type is 'Events', which takes EventPacket; Sense 'SimulatedRover' gives RoverSample.")]
    public void Parse_OneRuleBroken_GivesExactlyThatError(string path, string? value, string message)
    {
        var finding = Assert.Single(ValidConfiguration.With(path, value));
        Assert.Equal(message, finding.Message);
        Assert.Equal(Severity.Error, finding.Severity);
        Assert.NotEmpty(finding.Remedy);
    }

    [Fact]
    public void Parse_MissingFile_NamesWhereItWasLookedFor()
    {
        var finding = Assert.Single(ValidConfiguration.Check(ValidConfiguration.Set(
            ("Loops:avoid:Sense", """{ "Type": "EventFile", "Path": "nowhere.raw" }"""), ("Loops:avoid:Perceive:Type", "\"Events\""))));
        Assert.Equal("Loops:avoid:Sense:Path is 'nowhere.raw'; must be the path of a file that exists.", finding.Message);
        Assert.Contains(Path.Combine(Path.GetTempPath(), "nowhere.raw"), finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Robott", "{}", "Robot")]
    [InlineData("RealTime:Prioritty", "5", "Priority")]
    [InlineData("Loops:avoid:Sense:MaxAge", "5", "MaxAgeMs")]
    [InlineData("Loops:avoid:Period:MniMs", "5", "MinMs")]
    public void Parse_UnknownKey_NamesTheNearestKnownKey(string path, string value, string near)
    {
        var finding = Assert.Single(ValidConfiguration.With(path, value));
        Assert.StartsWith($"{path} is not a known key; the keys here are ", finding.Message, StringComparison.Ordinal);
        Assert.Equal($"Did you mean '{near}'?", finding.Remedy);
    }

    [Fact]
    public void Parse_UnknownKeyNearNothing_SaysToRemoveIt() =>
        Assert.Equal("Remove it.", Assert.Single(ValidConfiguration.With("Zebra", "1")).Remedy);

    [Fact]
    public void Parse_ManyErrors_ReportsAllAtOnceErrorsFirst()
    {
        var findings = ValidConfiguration.Check(ValidConfiguration.Set(
            ("Robot:Id", "\" \""), ("Clock:Mode", "\"Reel\""), ("RealTime:Scheduler", "\"Fifo\""), ("Loops:avoid:Period:MinMs", "0"),
            ("Loops:avoid:Act:Port", null), ("Loops:avoid:Sense:MaxAgeMs", "5"), ("Live", "{ \"Port\": -1 }"), ("Robbot", "1")));
        Assert.Equal(7, findings.Count(f => f.Severity == Severity.Error));
        var warning = Assert.Single(findings, f => f.Severity == Severity.Warning);
        Assert.Equal("RealTime:LockMemory is False while RealTime:Scheduler is Fifo; a page fault can still delay a cycle.", warning.Message);
        Assert.Same(warning, findings[^1]);
    }

    [Fact]
    public void Parse_Warnings_LeaveTheConfigurationValid()
    {
        var result = ValidConfiguration.Parse(ValidConfiguration.Set(("Loops:avoid:Faults", """[{ "Stage": "Act", "Kind": "Hang", "FromCycle": 10 }]""")));
        Assert.True(result.IsValid);
        Assert.Equal("Loops:avoid:Faults:0 injects the fault Hang into Act on purpose.", Assert.Single(result.Findings).Message);
        Assert.Equal(FaultKind.Hang, Assert.Single(result.Options.Loops["avoid"].Faults).Kind);
    }

    [Fact]
    public void Parse_ListOfOnePerceiver_IsTaken() =>
        Assert.Empty(ValidConfiguration.With("Loops:avoid:Perceive", """[{ "Type": "Rover" }]"""));

    [Fact]
    public void Parse_CommentsAndTrailingCommas_AreAllowed() =>
        Assert.Empty(ValidConfiguration.Check("// a comment\n" + ValidConfiguration.Json.Replace("\"Seed\": 42", "\"Seed\": 42, /* and another */", StringComparison.Ordinal)));

    [Fact]
    public void Parse_ForeignCulture_ReadsNumbersTheSame()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            // A culture of its own making: the tests may run where only the invariant one is installed.
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(0.5, ValidConfiguration.Parse(ValidConfiguration.Set(("Loops:avoid:Period:MinMs", "0.5"), ("Loops:avoid:Period:MaxMs", "4"))).Options.Loops["avoid"].Period.MinMs);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
