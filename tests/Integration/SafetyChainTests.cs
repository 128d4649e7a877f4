using System.Text.Json;

namespace EdgeAutonomy.Integration;

/// <summary>The whole chain over two processes: whatever happens to the runtime, the motor controller ends in its safe state.</summary>
[Trait("Clock", "Real")]
public sealed class SafetyChainTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    // Longer than a busy test machine may pause a process, so that a stop by timeout means what it says.
    private const int Patient = 20_000;

    private const int Usual = 200;

    private EdgeProcess? _motor;

    private EdgeProcess Motor => _motor!;

    [SkippableTheory]
    [InlineData(EdgeProcess.Terminate)]
    [InlineData(EdgeProcess.Interrupt)]
    public void Signal_RunningRobot_SafeByCommandThenExit0(int signal)
    {
        using var run = Start(Patient);
        Motor.WaitForEvent("driving");
        run.Signal(signal);
        Assert.Equal(0, run.WaitForExit());
        Assert.Equal("commanded", Motor.WaitForEvent("safe").GetProperty("reason").GetString());
        using var result = JsonDocument.Parse(run.RestOfOutput());
        Assert.Equal("signal", result.RootElement.GetProperty("stopped").GetString());
        Assert.True(result.RootElement.GetProperty("loops")[0].GetProperty("cycles").GetInt64() > 0);
        AssertEndsSafe();
    }

    [SkippableFact]
    public void TimeIsUp_RunningRobot_SafeByCommandThenExit0()
    {
        using var run = Start(Patient, more: ["--seconds", "2"]);
        Assert.Equal(0, run.WaitForExit());
        Assert.Equal("commanded", Motor.WaitForEvent("safe").GetProperty("reason").GetString());
        AssertEndsSafe();
    }

    [SkippableFact]
    public void Kill_RunningRobot_SafeByTheControllersOwnTimeout()
    {
        using var run = Start(Usual);
        Motor.WaitForEvent("driving");
        run.Signal(EdgeProcess.Kill);
        run.WaitForExit();
        AssertTimeout();
    }

    [SkippableFact]
    public void Freeze_RunningRobot_SafeByTheControllersOwnTimeout()
    {
        using var run = Start(Usual);
        Motor.WaitForEvent("driving");
        run.Signal(EdgeProcess.Freeze);
        AssertTimeout();
        run.Signal(EdgeProcess.Kill);
    }

    [SkippableTheory]
    [InlineData("Sense")]
    [InlineData("Perceive")]
    [InlineData("Decide")]
    [InlineData("Act")]
    public void Hang_AnyStage_Exit71AndSafe(string stage)
    {
        using var run = Start(Patient, $$"""[{ "Stage": "{{stage}}", "Kind": "Hang", "FromCycle": 30 }]""");
        Motor.WaitForEvent("driving");
        Assert.Equal(71, run.WaitForExit());
        Assert.Contains("stalled for", run.Errors, StringComparison.Ordinal);
        Motor.WaitForEvent("safe");
        AssertEndsSafe();
    }

    [SkippableFact]
    public void Throw_InEveryCycle_HoldsAndKeepsSafeUntilStopped()
    {
        using var run = Start(Patient, """[{ "Stage": "Decide", "Kind": "Throw", "FromCycle": 20, "Cycles": 1000000 }]""", "--seconds", "2");
        Assert.Equal(0, run.WaitForExit());
        using var result = JsonDocument.Parse(run.RestOfOutput());
        Assert.Equal("Hold", result.RootElement.GetProperty("loops")[0].GetProperty("worstRung").GetString());
        Assert.Contains("injected fault in Decide, cycle 20", run.Errors, StringComparison.Ordinal);
        AssertEndsSafe();
    }

    [SkippableFact]
    public void WrongConfiguration_Exit78AndNothingMoves()
    {
        using var run = Start(Usual, """[{ "Stage": "Nowhere", "Kind": "Hang" }]""");
        Assert.Equal(78, run.WaitForExit());
        Assert.Contains("nothing was started", run.Errors, StringComparison.Ordinal);
        Motor.Signal(EdgeProcess.Terminate);
        Assert.Equal(0, Motor.WaitForEvent("stopped").GetProperty("commands").GetInt64());
    }

    public void Dispose()
    {
        _motor?.Dispose();
        File.Delete(_file);
    }

    private EdgeProcess Start(int timeoutMs, string faults = "[]", params string[] more)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "signals are sent as Linux numbers them");
        _motor = new EdgeProcess("motor", "--port", "0", "--timeout-ms", timeoutMs.ToString(System.Globalization.CultureInfo.InvariantCulture));
        int port = Motor.WaitForEvent("ready").GetProperty("port").GetInt32();
        File.WriteAllText(_file, $$"""
            {
              "Watchdog": { "LimitMs": 1000 },
              "Loops": { "drive": {
                "Period": { "MinMs": 16, "MaxMs": 16 },
                "WarmUpCycles": 10,
                "Sense": { "Type": "SimulatedRover", "Scenario": "empty" },
                "Perceive": { "Type": "Rover" },
                "Decide": { "Type": "GoToGoal" },
                "Act": { "Type": "SimulatedRover", "MirrorPort": {{port}} },
                "Faults": {{faults}} } }
            }
            """);
        return new EdgeProcess(["run", "--config", _file, "--json", .. more]);
    }

    private void AssertTimeout()
    {
        var safe = Motor.WaitForEvent("safe");
        Assert.Equal("timeout", safe.GetProperty("reason").GetString());
        Assert.True(safe.GetProperty("ageMs").GetDouble() >= 200, "not before its time");
        AssertEndsSafe();
    }

    private void AssertEndsSafe()
    {
        Motor.Signal(EdgeProcess.Terminate);
        var end = Motor.WaitForEvent("stopped");
        Assert.Equal(0, end.GetProperty("linear").GetSingle());
        Assert.Equal(0, end.GetProperty("angular").GetSingle());
        Assert.True(end.GetProperty("commands").GetInt64() > 0, "the control: there were commands");
    }
}
