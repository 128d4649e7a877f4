using EdgeAutonomy.Recording;

namespace EdgeAutonomy.Host.Tests;

public sealed class ReplayVerbTests : IDisposable
{
    private readonly RecordedRun _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Replay_Demo_EveryStateHashIsEqual(int robots)
    {
        string file = _runs.Demo("a.mcap", "--robots", $"{robots}", "--seed", "5");
        var (code, json, _) = RecordedRun.Run("replay", file);
        Assert.Equal((0, true, 0L, robots), (code, json.GetProperty("equal").GetBoolean(), json.GetProperty("leftOut").GetInt64(), json.GetProperty("loops").GetArrayLength()));
        using var recording = RecordingFile.Open(file);
        Assert.Equal(recording.Loops.Sum(l => recording.CycleCount(l.Name)), json.GetProperty("cycles").GetInt64());
        Assert.Empty(json.GetProperty("notes").EnumerateArray());
        var (person, text, _) = EdgeProgramTests.Run("replay", file);
        Assert.Equal(0, person);
        Assert.Contains("every state hash is equal", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_FromTimeAndFromEveryKeyframe_IsEqual()
    {
        string file = _runs.Configured("a.mcap", Sim(), 400, keyframeCycles: 50);
        using (var recording = RecordingFile.Open(file)) Assert.Equal(9, recording.Keyframes("avoid").Count);
        var (code, json, _) = RecordedRun.Run("replay", file, "--from", "every", "--cycles", "30");
        Assert.Equal((0, 9), (code, json.GetProperty("starts").GetInt32()));
        Assert.Equal(8 * 30, json.GetProperty("cycles").GetInt64()); // the last keyframe stands behind the last cycle
        (code, json, _) = RecordedRun.Run("replay", file, "--from", "every");
        Assert.Equal((0, 400 * 9 - 50 * 36), (code, (int)json.GetProperty("cycles").GetInt64()));
        (code, json, _) = RecordedRun.Run("replay", file, "--from", "0.3", "--cycles", "10");
        Assert.Equal((0, 10L, 0L), (code, json.GetProperty("cycles").GetInt64(), json.GetProperty("leftOut").GetInt64()));
    }

    [Fact]
    public void Replay_FaultsOfEveryKind_IsEqual()
    {
        string[] stages = ["Sense", "Perceive", "Decide", "Act"], kinds = ["Fail", "Throw", "Silent"];
        var faults = stages.SelectMany((s, i) => kinds.Select((k, j) => $$"""{ "Stage": "{{s}}", "Kind": "{{k}}", "FromCycle": {{20 + 40 * (3 * i + j)}}, "Cycles": {{1 + 3 * j}} }"""));
        string file = _runs.Configured("a.mcap", Sim(("Loops:avoid:Faults", $"[{string.Join(',', faults)}]")), 600);
        var (code, json, error) = RecordedRun.Run("replay", file, "--from", "every");
        Assert.True(code == 0, error + json);
    }

    // The wrapper that slows a stage down is part of what a keyframe names.
    [Theory]
    [InlineData("Perceive")]
    [InlineData("Decide")]
    public void Replay_SlowStage_IsEqualWithoutBeingSlow(string stage)
    {
        string file = _runs.Configured("a.mcap", Sim(("Loops:avoid:Faults", $$"""[{ "Stage": "{{stage}}", "Kind": "Slow", "DelayMs": 1, "Cycles": 5 }]""")), 50);
        var (code, json, error) = RecordedRun.Run("replay", file);
        Assert.True(code == 0, error + json);
    }

    [Fact]
    public void ReplayAndDiff_StageThatDependsOnChance_IsFoundWithStageAndCycle()
    {
        string config = Sim(("Loops:avoid:Faults", """[{ "Stage": "Decide", "Kind": "Chance", "FromCycle": 20, "Cycles": 1000 }]"""));
        string a = _runs.Configured("a.mcap", config, 200), b = _runs.Configured("b.mcap", config, 200);
        foreach (string[] line in (string[][])[["replay", a], ["diff", a, b]])
        {
            var (code, json, _) = RecordedRun.Run(line);
            Assert.Equal((1, false), (code, json.GetProperty("equal").GetBoolean()));
            var first = json.GetProperty("firstDifference");
            Assert.InRange(first.GetProperty("cycle").GetInt64(), 20, 60); // a quarter of the calls gives the same by chance
            Assert.Equal("avoid", first.GetProperty("loop").GetString());
            using (var recording = RecordingFile.Open(a)) Assert.Equal(recording.Loops[0].StageNames[^2], first.GetProperty("stage").GetString());
            Assert.StartsWith("proposed action", first.GetProperty("field").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Diff_EqualDifferentNotComparable_IsZeroOneTwo()
    {
        string a = _runs.Demo("a.mcap", "--seed", "1"), same = _runs.Demo("b.mcap", "--seed", "1"), other = _runs.Demo("c.mcap", "--seed", "2"), loops = _runs.Configured("d.mcap", Sim(), 50);
        var (code, json, error) = RecordedRun.Run("diff", a, same);
        Assert.True(code == 0, error);
        Assert.True(json.GetProperty("equal").GetBoolean());
        Assert.Empty(json.GetProperty("notes").EnumerateArray());
        (code, json, _) = RecordedRun.Run("diff", a, other);
        Assert.Equal((1, 0L), (code, json.GetProperty("firstDifference").GetProperty("cycle").GetInt64()));
        Assert.Contains(json.GetProperty("notes").EnumerateArray(), n => n.GetString() == "seed is 1 in the first, 2 in the second.");
        (code, json, _) = RecordedRun.Run("diff", a, loops);
        Assert.Equal((2, false), (code, json.GetProperty("comparable").GetBoolean()));
        Assert.Equal("the first has the loops rover1, the second avoid", json.GetProperty("why").GetString());
    }

    [Fact]
    public void Replay_RealClockWithMissedBudgets_IsEqual()
    {
        string config = ValidConfiguration.Set(
            ("Clock:Mode", "\"Real\""), ("Loops:avoid:Act", """{ "Type": "SimulatedRover", "BudgetUs": 1, "OnMiss": "Skip" }"""), ("Loops:avoid:Sense:BudgetUs", "150"), ("Loops:avoid:Sense:OnMiss", "\"Skip\""),
            ("Loops:avoid:Perceive:BudgetUs", "60"), ("Loops:avoid:Perceive:OnMiss", "\"Skip\""), ("Loops:avoid:Perceive:BudgetKillCount", "2"), ("Loops:avoid:Decide:BudgetUs", "2"), ("Loops:avoid:Decide:OnMiss", "\"Safe\""));
        string file = _runs.Configured("real.mcap", config, 250, keyframeCycles: 25);
        using (var recording = RecordingFile.Open(file))
        {
            long missed = 0;
            using var messages = recording.Read(["avoid"]);
            while (messages.MoveNext())
            {
                if (RecordingFile.Kind(messages.Current) == RecordKind.Cycle && CycleRecord.Parse(messages.Current.Data.Span).Measured.Missed != 0) missed++;
            }
            Assert.True(missed > 20, $"only {missed} cycles missed a budget: this shows nothing");
        }
        var (code, json, error) = RecordedRun.Run("replay", file, "--from", "every");
        Assert.True(code == 0, error + json);
    }

    [Theory]
    [InlineData("Loops:*:Decide:MaxSpeedMps=0.3", true)]
    [InlineData("loops:ROVER1:decide:maxspeedmps=0.3", true)]
    [InlineData("Loops:rover1:Guard:MaxLinearMps=0.1", true)]
    [InlineData("Loops:rover1:Period:Policy=ErrorControlled", false)]
    [InlineData("Loops:rover1:Period:Policy=Fixed", false)]
    [InlineData("Loops:rover1:Monitor:DwellMs=100", false)]
    [InlineData("Loops:rover1:Decide:Type=None", true)]
    public void Override_OneKey_ReportsWhatWouldHaveDiffered(string change, bool actions)
    {
        string file = _runs.Demo("a.mcap");
        var (code, json, error) = RecordedRun.Run("replay", file, "--override", change);
        Assert.True(code == 0, error);
        var row = json.GetProperty("counterfactual")[0];
        Assert.Equal("rover1", row.GetProperty("loop").GetString());
        Assert.Equal(json.GetProperty("cycles").GetInt64(), row.GetProperty("cycles").GetInt64());
        if (actions) Assert.InRange(row.GetProperty("changedActions").GetInt64(), row.GetProperty("cycles").GetInt64() / 2, row.GetProperty("cycles").GetInt64());
        else Assert.True(row.GetProperty("changedPeriods").GetInt64() > 0 || change.Contains("Monitor", StringComparison.Ordinal), row.ToString());
    }

    [Fact]
    public void Replay_LearnedPolicy_IsExactFromEveryKeyframeAndRefusesAnotherPolicy()
    {
        string file = _runs.Demo("learned.mcap", "--policy", "rover", "--seconds", "20");
        var (code, json, error) = RecordedRun.Run("replay", file, "--from", "every");
        Assert.True(code == 0, error);
        Assert.True(json.GetProperty("equal").GetBoolean() && json.GetProperty("cycles").GetInt64() > 300, json.ToString());
        // A slower robot is still this policy's robot; a pacer is no policy for it at all.
        (code, json, error) = RecordedRun.Run("replay", file, "--override", "Loops:*:Decide:MaxSpeedMps=0.3");
        Assert.True(code == 0, error);
        Assert.True(json.GetProperty("counterfactual")[0].GetProperty("changedActions").GetInt64() > 100);
        (code, _, error) = EdgeProgramTests.Run("replay", file, "--override", "Loops:*:Decide:Policy=pacer");
        Assert.True(code == 78, error);
        Assert.Contains("trained for something else", error, StringComparison.Ordinal);
        // The ladder is part of the contract.
        (code, _, error) = EdgeProgramTests.Run("replay", file, "--override", "Loops:*:Period:MaxMs=16");
        Assert.True(code == 78, error);
        Assert.Contains("periods of 1000, 2000", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Override_WithTheRecordedValue_ChangesNothing()
    {
        string file = _runs.Demo("a.mcap");
        var (code, json, error) = RecordedRun.Run("replay", file, "--override", "Loops:*:Decide:MaxSpeedMps=1");
        Assert.True(code == 0, error);
        Assert.Equal(0, json.GetProperty("counterfactual")[0].GetProperty("changedActions").GetInt64());
    }

    [Theory]
    [InlineData("nonsense", 64, "must look like Loops:NAME:SECTION:KEY=VALUE")]
    [InlineData("Robot:Seed=3", 64, "must look like Loops:NAME:SECTION:KEY=VALUE")]
    [InlineData("=3", 64, "must look like Loops:NAME:SECTION:KEY=VALUE")]
    [InlineData("Loops:avoid:Decide=3", 64, "must look like Loops:NAME:SECTION:KEY=VALUE")]
    [InlineData("Loops:other:Decide:MaxSpeedMps=3", 64, "names the loop 'other'; the recording has avoid")]
    [InlineData("Loops:avoid:Decide:MaxSpeedMps:X=3", 64, "goes through 'MaxSpeedMps', which is no section")]
    [InlineData("Loops:avoid:Decide:MaxSpeedMps=quick", 78, "MaxSpeedMps")]
    [InlineData("Loops:avoid:Decide:MaxSpedMps=1", 78, "MaxSpedMps")]
    [InlineData("Loops:avoid:Decide:MaxSpeedMps=1e99", 78, "MaxSpeedMps")]
    [InlineData("Loops:avoid:Decide:Type=Nobody", 78, "Nobody")]
    [InlineData("Loops:avoid:Decid:MaxSpeedMps=1", 78, "Decid")]
    [InlineData("Loops:avoid::=1", 78, "")]
    public void Override_BadText_IsOneClearError(string change, int expected, string part)
    {
        string file = _runs.Configured("a.mcap", Sim(), 10);
        var (code, _, error) = EdgeProgramTests.Run("replay", file, "--override", change);
        Assert.Equal(expected, code);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from", "x", 64)]
    [InlineData("--from", "-1", 64)]
    [InlineData("--from", "NaN", 64)]
    [InlineData("--cycles", "-1", 64)]
    public void Replay_BadOption_IsAUsageError(string option, string value, int expected)
    {
        var (code, _, error) = EdgeProgramTests.Run("replay", _runs.Configured("a.mcap", Sim(), 5), option, value);
        Assert.Equal(expected, code);
        Assert.StartsWith($"edge: {option} is '{value}'", error.Replace($"{option} is {value};", $"{option} is '{value}';", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_FromInfinity_BeginsAtTheLastKeyframe()
    {
        var (code, _, error) = RecordedRun.Run("replay", _runs.Configured("a.mcap", Sim(), 130), "--from", "1e9");
        Assert.True(code == 0, error);
    }

    private static string Sim(params (string Path, string? Value)[] more) =>
        ValidConfiguration.Set([("Clock:Mode", "\"Sim\""), ("Loops:avoid:WarmUpCycles", "0"), ("Loops:avoid:Act", """{ "Type": "SimulatedRover" }"""), .. more]);
}
